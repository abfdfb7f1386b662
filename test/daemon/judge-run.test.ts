import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/core/domain/plan/plan.ts';
import { isFailure, RUN_ENDS, type RunEnd } from '../../src/core/domain/run/daemon-event.ts';
import type { Outcome, RunResult } from '../../src/core/domain/run/run-result.ts';
import { AppliedTexts, isWorthRetrying, judgeRun } from '../../src/daemon/judge-run.ts';
import { valid } from './support/readings.ts';
import { planned } from './support/results.ts';

const WORLD = planned(
  {
    grants: [
      { to: 'ann@example.com', resource: 'project:Checkout', level: 'admin' },
      { to: 'bob@example.com', resource: 'project:Mobile' },
    ],
  },
  {
    accesses: [
      { access: 1, user: 'ann@example.com' },
      { access: 2, user: 'bob@example.com' },
    ],
  },
);

function notWritten(verdict: Verdict): RunResult {
  return { kind: 'not-written', plan: { ...WORLD.plan, verdict } };
}

function written(outcomes: readonly Outcome[], left: Verdict): RunResult {
  const result = WORLD.written(...outcomes);
  if (result.kind !== 'written') throw new Error('nothing was written');
  const changes = left === 'allowed' ? WORLD.plan.changes : [];
  return { ...result, after: { ...WORLD.plan, changes, verdict: left } };
}

describe('how a run ended', () => {
  it.each<[Verdict, RunEnd]>([
    ['held', 'held'],
    ['paused', 'paused'],
    ['observed', 'observed'],
    ['deferred', 'deferred'],
    ['allowed', 'partial'],
    ['complete', 'complete'],
  ])('not written, %s: %s, stopped or not', (verdict, end) => {
    expect(judgeRun(notWritten(verdict), false)).toBe(end);
    expect(judgeRun(notWritten(verdict), true)).toBe(end);
  });

  it('nothing to write: complete', () => {
    expect(judgeRun({ kind: 'complete', plan: { ...WORLD.plan, verdict: 'complete' } }, false)).toBe('complete');
  });

  it.each<[Outcome[], RunEnd, RunEnd]>([
    [['applied', 'applied'], 'complete', 'complete'],
    [['applied', 'not-tried'], 'partial', 'stopped'],
    [['not-tried', 'not-tried'], 'partial', 'stopped'],
    [['applied', 'failed'], 'partial', 'partial'],
    [['applied', 'did-not-stick'], 'partial', 'partial'],
    [['applied', 'changed-by-someone-else'], 'partial', 'partial'],
    [['applied', 'unconfirmed'], 'partial', 'partial'],
    [['not-tried', 'failed'], 'partial', 'partial'],
  ])('written, %j: %s, and %s where it was stopped', (outcomes, end, endStopped) => {
    expect(judgeRun(written(outcomes, 'complete'), false)).toBe(end);
    expect(judgeRun(written(outcomes, 'complete'), true)).toBe(endStopped);
  });

  it.each<[left: Verdict, RunEnd, RunEnd]>([
    ['complete', 'complete', 'complete'],
    ['held', 'held', 'held'],
    ['deferred', 'deferred', 'deferred'],
    ['allowed', 'partial', 'stopped'],
  ])('everything written, and %s is left: %s, and %s where it was stopped', (left, end, endStopped) => {
    expect(judgeRun(written(['applied'], left), false)).toBe(end);
    expect(judgeRun(written(['applied'], left), true)).toBe(endStopped);
  });

  it('what failed counts before what is held or deferred', () => {
    for (const left of ['held', 'deferred'] as const) {
      expect(judgeRun(written(['applied', 'failed'], left), false)).toBe('partial');
      expect(judgeRun(written(['applied', 'not-tried'], left), true)).toBe('stopped');
    }
  });

  it('everything answered and no read after it: partial', () => {
    expect(judgeRun(WORLD.written('applied', 'applied'), false)).toBe('partial');
  });
});

describe('whether a run is worth trying again soon', () => {
  it('a failed one is', () => {
    expect(isWorthRetrying('failed', null)).toBe(true);
  });

  it.each<[Outcome, boolean]>([
    ['failed', true],
    ['unconfirmed', true],
    ['not-tried', true],
    ['did-not-stick', false],
    ['changed-by-someone-else', false],
  ])('a partial one with a change that is %s: %s', (outcome, isWorth) => {
    expect(isWorthRetrying('partial', WORLD.written('applied', outcome))).toBe(isWorth);
  });

  it('no other one is', () => {
    for (const end of Object.keys(RUN_ENDS) as RunEnd[]) {
      if (end === 'failed' || end === 'partial') continue;
      expect(isWorthRetrying(end, WORLD.written('not-tried')), end).toBe(false);
    }
  });
});

describe('whether a run is a failure', () => {
  it('only those are that did not do what they were to do', () => {
    const failures = (Object.keys(RUN_ENDS) as RunEnd[]).filter(isFailure);
    expect(failures.sort()).toEqual(['failed', 'partial']);
  });
});

const SAVED_AT = 10_000;

/** Runs by the texts of these names, ended so at these seconds after their saving. */
function secondsOf(...runs: readonly (readonly [name: string, end: RunEnd, seconds: number])[]) {
  const texts = new AppliedTexts();
  return runs.map(([name, end, seconds]) =>
    texts.secondsToApplied({ kind: 'current', policy: valid(name, {}, SAVED_AT) }, end, SAVED_AT + seconds * 1_000),
  );
}

describe('how long a text took to the account', () => {
  it('counts for each new text once', () => {
    expect(secondsOf(['a', 'complete', 1], ['b', 'complete', 2.5], ['b', 'complete', 9])).toEqual([null, 2.5, null]);
  });

  it('does not count for the text that the process began with, however long it takes', () => {
    expect(secondsOf(['a', 'failed', 1], ['a', 'complete', 2], ['a', 'complete', 3])).toEqual([null, null, null]);
  });

  it('counts from the run that got there, not from those that did not', () => {
    expect(secondsOf(['a', 'complete', 1], ['b', 'failed', 2], ['b', 'partial', 3], ['b', 'complete', 4])).toEqual([
      null,
      null,
      null,
      4,
    ]);
  });

  it('only complete runs get there', () => {
    const got = (Object.keys(RUN_ENDS) as RunEnd[]).filter(
      (end) => secondsOf(['a', 'complete', 1], ['b', end, 2])[1] !== null,
    );
    expect(got.sort()).toEqual(['complete']);
  });

  it('a text that comes again after another counts again, save the first', () => {
    expect(secondsOf(['a', 'complete', 1], ['b', 'complete', 2], ['c', 'complete', 3], ['b', 'complete', 4])).toEqual([
      null,
      2,
      3,
      4,
    ]);
    expect(secondsOf(['a', 'complete', 1], ['b', 'complete', 2], ['a', 'complete', 3])).toEqual([null, 2, null]);
  });

  it('a text that stands in is not applied, and neither begins nor ends the count', () => {
    const texts = new AppliedTexts();
    const [a, b] = [valid('a', {}, SAVED_AT), valid('b', {}, SAVED_AT)];
    const at = SAVED_AT + 3_000;
    expect(texts.secondsToApplied({ kind: 'current', policy: a }, 'complete', at)).toBe(null);
    expect(texts.secondsToApplied({ kind: 'fallback', policy: b, saysPaused: false }, 'complete', at)).toBe(null);
    expect(texts.secondsToApplied({ kind: 'current', policy: b }, 'complete', at)).toBe(3);
  });

  it('is never negative where the file is of the future', () => {
    expect(secondsOf(['a', 'complete', 1], ['b', 'complete', -5])).toEqual([null, 0]);
  });
});
