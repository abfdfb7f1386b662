import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/core/domain/plan/plan.ts';
import { isFailure, RUN_ENDS, type RunEnd } from '../../src/core/domain/run/daemon-event.ts';
import type { Outcome, RunResult } from '../../src/core/domain/run/run-result.ts';
import { isWorthRetrying, judgeRun } from '../../src/daemon/judge-run.ts';
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

describe('how a run ended', () => {
  it.each<[Verdict, RunEnd]>([
    ['held', 'held'],
    ['paused', 'paused'],
    ['observe', 'observed'],
    ['clean', 'clean'],
  ])('not written, %s: %s, stopped or not', (verdict, end) => {
    expect(judgeRun(notWritten(verdict), false)).toBe(end);
    expect(judgeRun(notWritten(verdict), true)).toBe(end);
  });

  it('nothing to write: clean', () => {
    expect(judgeRun({ kind: 'clean', plan: { ...WORLD.plan, verdict: 'clean' } }, false)).toBe('clean');
  });

  it.each<[Outcome[], RunEnd, RunEnd]>([
    [['applied', 'applied'], 'applied', 'applied'],
    [['applied', 'not-tried'], 'partial', 'stopped'],
    [['not-tried', 'not-tried'], 'partial', 'stopped'],
    [['applied', 'failed'], 'partial', 'partial'],
    [['applied', 'did-not-stick'], 'partial', 'partial'],
    [['applied', 'changed-by-somebody-else'], 'partial', 'partial'],
    [['applied', 'unconfirmed'], 'partial', 'partial'],
    [['not-tried', 'failed'], 'partial', 'partial'],
  ])('written, %j: %s, and %s where it was stopped', (outcomes, end, endStopped) => {
    expect(judgeRun(WORLD.written(...outcomes), false)).toBe(end);
    expect(judgeRun(WORLD.written(...outcomes), true)).toBe(endStopped);
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
    ['changed-by-somebody-else', false],
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
