import { describe, expect, it } from 'vitest';
import {
  type AccountMemory,
  BEGUN_ROWS_MOST,
  emptyMemory,
  REPEATED_MOST,
} from '../../src/core/domain/account/account-memory.ts';
import type { Outcome, RunResult } from '../../src/core/domain/run/run-result.ts';
import {
  CONTESTED_AFTER_RUNS,
  CONTESTED_REST_MS,
  type RunMemory,
  rememberRun,
  restraintsNow,
} from '../../src/daemon/remember-run.ts';
import type { PolicySpec } from '../support/policy-builder.ts';
import { type PlannedResult, planned } from './support/results.ts';

const NOW = Date.UTC(2026, 10, 24);
const ANN = 'ann@example.com';
const ANN_LACKS = planned(
  { grants: [{ to: ANN, resource: 'project:Checkout', level: 'admin' }] },
  { accesses: [{ access: 2, user: ANN }] },
);
const ANN_HAS = planned(
  { grants: [{ to: ANN, resource: 'project:Checkout', level: 'admin' }] },
  { accesses: [{ access: 2, user: ANN, rows: { 'project:#4001': 'admin' } }] },
);

type Step = readonly [by: 'schedule' | 'file', result: RunResult];

function written(...outcomes: Outcome[]): Step {
  return ['schedule', ANN_LACKS.written(...outcomes)];
}
const GOES_BACK = written('applied');
const FAILS = written('failed');
const HOLDS: Step = ['schedule', ANN_HAS.notWritten()];
const byFile = ([, result]: Step): Step => ['file', result];

/** One run after another, a quarter of an hour apart. */
function remembered(steps: readonly Step[], resolved = ANN_LACKS.resolved): readonly RunMemory[] {
  let memory: AccountMemory = emptyMemory(3229);
  return steps.map(([by, result], index) => {
    const now = NOW + index * 900_000;
    const next = rememberRun(memory, { result, resolved, isScheduled: by === 'schedule', now });
    memory = next.memory;
    return next;
  });
}

/** How often the change is counted after each run; `c` where it is contested, and `!` where that is new. */
function counts(...steps: readonly Step[]): string {
  return remembered(steps)
    .map(({ memory, newlyContested }) => {
      const [one] = memory.repeated;
      if (!one) return '-';
      return `${one.runs}${one.contestedSince === null ? '' : 'c'}${newlyContested.length > 0 ? '!' : ''}`;
    })
    .join(' ');
}

describe('a change that comes back', () => {
  it('is contested after three scheduled runs in a row, and told once', () => {
    expect(CONTESTED_AFTER_RUNS).toBe(3);
    expect(counts(GOES_BACK, GOES_BACK, GOES_BACK, GOES_BACK)).toBe('1 2 3c! 4c');
  });

  it('counts whatever a read after the write showed, as long as the write was answered', () => {
    expect(counts(written('did-not-stick'), written('changed-by-someone-else'), written('unconfirmed'))).toBe(
      '1 2 3c!',
    );
  });

  it('a write that failed begins the count anew', () => {
    expect(counts(GOES_BACK, GOES_BACK, FAILS, GOES_BACK, GOES_BACK, GOES_BACK)).toBe('1 2 - 1 2 3c!');
  });

  it('a scheduled run that finds it in place begins the count anew', () => {
    expect(counts(GOES_BACK, GOES_BACK, HOLDS, GOES_BACK)).toBe('1 2 - 1');
  });

  it('runs that are not of the schedule neither count nor break the row', () => {
    expect(counts(GOES_BACK, byFile(GOES_BACK), GOES_BACK, byFile(HOLDS), GOES_BACK)).toBe('1 1 2 2 3c!');
    expect(counts(byFile(GOES_BACK), byFile(GOES_BACK), byFile(GOES_BACK), byFile(GOES_BACK))).toBe('- - - -');
  });

  it('a run that was stopped before it, or that guards held, changes nothing', () => {
    const stopped = written('not-tried');
    const held: Step = ['schedule', heldResult(ANN_LACKS)];
    expect(counts(GOES_BACK, stopped, held, GOES_BACK, held, GOES_BACK)).toBe('1 1 1 2 2 3c!');
  });

  it('says whether it had been in place', () => {
    const last = (...steps: readonly Step[]) => remembered(steps).at(-1)?.newlyContested[0]?.hasBeenInPlace;
    expect(last(written('did-not-stick'), written('applied'), written('did-not-stick'))).toBe(true);
    expect(last(written('did-not-stick'), written('unconfirmed'), written('did-not-stick'))).toBe(false);
  });

  it('stays contested through failed tries, until a run of any kind finds it in place', () => {
    const contested = [GOES_BACK, GOES_BACK, GOES_BACK];
    expect(counts(...contested, FAILS, GOES_BACK)).toBe('1 2 3c! 0c 1c');
    expect(counts(...contested, HOLDS, GOES_BACK)).toBe('1 2 3c! - 1');
    expect(counts(...contested, byFile(HOLDS), GOES_BACK)).toBe('1 2 3c! - 1');
  });

  it('is forgotten with the entitlement for it', () => {
    const unentitled = planned({ grants: [] }, { accesses: [{ access: 2, user: ANN }] });
    expect(counts(GOES_BACK, GOES_BACK, GOES_BACK, ['schedule', unentitled.notWritten()])).toBe('1 2 3c! -');
  });

  it('is tried once a day, counted from the last try and not from a run that was stopped before it', () => {
    const steps = remembered([GOES_BACK, GOES_BACK, GOES_BACK, written('not-tried')]);
    const { memory } = steps.at(-1) ?? { memory: emptyMemory(1) };
    const triedAt = NOW + 2 * 900_000;
    expect(memory.repeated[0]?.triedAt).toBe(triedAt);
    expect(restraintsNow(memory, triedAt + CONTESTED_REST_MS - 1, false).contested).toHaveLength(1);
    expect(restraintsNow(memory, triedAt + CONTESTED_REST_MS, false).contested).toHaveLength(0);
  });

  it('another level of the same row is another change', () => {
    const viewer = planned(
      { grants: [{ to: ANN, resource: 'project:Checkout', level: 'viewer' }] },
      { accesses: [{ access: 2, user: ANN }] },
    );
    expect(counts(GOES_BACK, GOES_BACK, ['schedule', viewer.written('applied')])).toBe('1 2 1');
  });

  it('no more are remembered than may be, and the rest is written as if for the first time', () => {
    const [change] = ANN_LACKS.plan.changes;
    if (change === undefined) throw new Error('the plan changes nothing');
    const many = Array.from({ length: REPEATED_MOST + 5 }, (_, index) => ({ ...change, access: index }));
    const result: RunResult = {
      ...ANN_LACKS.written(),
      kind: 'written',
      plan: { ...ANN_LACKS.plan, changes: many },
      outcomes: many.map((one) => ({ change: one, outcome: 'applied', found: 100, reason: null, auditHash: null })),
      foreign: [],
      after: null,
      unconfirmed: null,
    };
    const end = remembered([
      ['schedule', result],
      ['schedule', result],
      ['schedule', result],
    ]).at(-1);
    expect(end?.memory.repeated).toHaveLength(REPEATED_MOST);
    expect(end?.newlyContested).toHaveLength(REPEATED_MOST);
  });
});

function heldResult({ plan }: PlannedResult): RunResult {
  const [change] = plan.changes;
  if (change === undefined) throw new Error('the plan changes nothing');
  const part = {
    digest: 'sha256:0',
    principal: change.principal,
    rules: ['revoke-limit' as const],
    changes: [change],
    approve: null,
  };
  return { kind: 'not-written', plan: { ...plan, verdict: 'held', changes: [], held: [part] } };
}

describe('the pair of ids of a token', () => {
  const policy: PolicySpec = {
    tokens: { ci: { access: 500, token: 55 } },
    grants: [{ to: 'token:ci', resource: ['project:Checkout', 'project:Mobile'], level: 'viewer' }],
  };
  const TOKEN = planned(policy, { accesses: [{ access: 2, user: ANN }], apiTokens: [{ id: 55, name: 'ci' }] });
  const PAIR = { access: 500, tokenId: 55 };
  const lessonsOf = (memory: AccountMemory, run: PlannedResult, result: RunResult) =>
    rememberRun(memory, { result, resolved: run.resolved, isScheduled: false, now: NOW });

  it('is unproven to begin with', () => {
    expect(TOKEN.plan.unproven).toEqual([500]);
    expect(TOKEN.plan.changes).toHaveLength(2);
  });

  it('is proved by a first raise that shows', () => {
    const { memory, newlyDisproven } = lessonsOf(emptyMemory(3229), TOKEN, TOKEN.written('applied', 'failed'));
    expect(memory.provenPairs).toEqual([PAIR]);
    expect(memory.disprovenPairs).toEqual([]);
    expect(newlyDisproven).toEqual([]);
  });

  it('is disproved by one that was answered and does not show, and that is told', () => {
    const { memory, newlyDisproven } = lessonsOf(emptyMemory(3229), TOKEN, TOKEN.written('did-not-stick', 'not-tried'));
    expect(memory.disprovenPairs).toEqual([PAIR]);
    expect(memory.provenPairs).toEqual([]);
    expect(newlyDisproven).toEqual(TOKEN.plan.changes.slice(0, 1));
  });

  it.each<Outcome>(['failed', 'not-tried', 'unconfirmed', 'changed-by-someone-else'])(
    'stays unproven where the first raise is %s, whatever became of the second',
    (outcome) => {
      const { memory, newlyDisproven } = lessonsOf(emptyMemory(3229), TOKEN, TOKEN.written(outcome, 'applied'));
      expect(memory).toMatchObject({ provenPairs: [], disprovenPairs: [] });
      expect(newlyDisproven).toEqual([]);
    },
  );

  it('is remembered once, through runs that write nothing', () => {
    const proven = lessonsOf(emptyMemory(3229), TOKEN, TOKEN.written('applied')).memory;
    expect(lessonsOf(proven, TOKEN, TOKEN.written('applied')).memory.provenPairs).toEqual([PAIR]);
    expect(lessonsOf(proven, TOKEN, TOKEN.notWritten()).memory.provenPairs).toEqual([PAIR]);
  });

  it('is forgotten, proved or disproved, when the entry changes or goes', () => {
    for (const tokens of [{ ci: { access: 501, token: 55 } }, { ci: { access: 500, token: 56 } }, undefined]) {
      const changed = planned(
        { ...(tokens && { tokens }), grants: [{ to: ANN, resource: 'project:Checkout' }] },
        { accesses: [{ access: 2, user: ANN }] },
      );
      for (const kind of ['provenPairs', 'disprovenPairs'] as const) {
        const memory = { ...emptyMemory(3229), [kind]: [PAIR] };
        expect(lessonsOf(memory, changed, changed.notWritten()).memory[kind]).toEqual([]);
      }
    }
  });

  it('the write of a person proves nothing', () => {
    const { memory } = lessonsOf(emptyMemory(3229), ANN_LACKS, ANN_LACKS.written('did-not-stick'));
    expect(memory).toMatchObject({ provenPairs: [], disprovenPairs: [] });
  });
});

it('what is remembered of the policy is none of its business', () => {
  const memory = { ...emptyMemory(3229), policy: { revision: { sha256: 'a', commit: null }, acceptedAt: 5 } };
  const run = { result: ANN_LACKS.written(), resolved: ANN_LACKS.resolved, isScheduled: true, now: NOW };
  expect(rememberRun(memory, run).memory.policy).toBe(memory.policy);
});

describe('an approved part', () => {
  const rows = { 'project:#4001': 'admin', 'project:#4002': 'admin' } as const;
  const people = [ANN, 'bob@example.com'].map((user, index) => ({ access: 2 + index, user, rows }));
  const policy: PolicySpec = {
    grants: [{ to: [ANN, 'bob@example.com'], resource: 'project:#999' }],
    limits: { revokes: { principals: 1, percent: 100 } },
  };
  const digest = planned(policy, { accesses: people }).plan.held[0]?.digest ?? '';
  const approving = (until: string) =>
    planned({ ...policy, approvals: [{ digests: [digest], until }] }, { accesses: people });
  const approved = approving('2026-12-31');
  const begunAfter = (steps: readonly Step[], by = approved) =>
    remembered(steps, by.resolved).map(({ memory }) => memory.begun.map((part) => part.changes.length).join());
  const half: Step = ['file', approved.written('applied', 'failed')];

  it('of which something is left is remembered with all that its digest binds, and forgotten once nothing is', () => {
    const done: RunResult = { kind: 'complete', plan: ANN_HAS.plan };
    expect(begunAfter([half, half, ['file', done], half])).toEqual(['2', '2', '', '2']);
    expect(remembered([half], approved.resolved)[0]?.memory.begun).toMatchObject([
      {
        digest,
        rules: ['revoke-limit'],
        access: 2,
        changes: [
          { before: 100, after: 0 },
          { before: 100, after: 0 },
        ],
      },
    ]);
  });

  it('is forgotten with its approval', () => {
    const [first] = remembered([half], approved.resolved);
    const leftBy = (by: PlannedResult) =>
      rememberRun(first?.memory ?? emptyMemory(1), {
        result: by.notWritten(),
        resolved: by.resolved,
        isScheduled: false,
        now: NOW,
      }).memory.begun.length;
    expect(leftBy(approved)).toBe(1);
    expect(leftBy(approving('2026-11-23'))).toBe(0);
    expect(leftBy(planned(policy, { accesses: people }))).toBe(0);
  });

  it('is not remembered where the run wrote nothing', () => {
    expect(begunAfter([['file', approved.notWritten()]])).toEqual(['']);
  });

  it('is not remembered where nothing of it was tried, and is where a write failed: it may have taken effect', () => {
    expect(begunAfter([['file', approved.written('not-tried', 'not-tried')]])).toEqual(['']);
    expect(begunAfter([['file', approved.written('not-tried', 'failed')]])).toEqual(['2']);
    expect(begunAfter([half, ['file', approved.written('not-tried', 'not-tried')]])).toEqual(['2', '2']);
  });

  it('is not remembered beyond the rows that may be', () => {
    const [part] = approved.plan.approved;
    const [change] = part?.changes ?? [];
    if (part === undefined || change === undefined) throw new Error('nothing is approved');
    const large = { ...part, changes: Array.from({ length: BEGUN_ROWS_MOST }, () => change) };
    const second = { ...part, changes: [{ ...change, access: 9 }] };
    const result: RunResult = { ...approved.written('failed'), plan: { ...approved.plan, approved: [large, second] } };
    expect(begunAfter([['file', result]])).toEqual([`${BEGUN_ROWS_MOST}`]);
  });
});
