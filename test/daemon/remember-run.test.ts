import { describe, expect, it } from 'vitest';
import { type AccountMemory, BEGUN_ROWS_MOST, emptyMemory } from '../../src/core/domain/account/account-memory.ts';
import type { Outcome, RunResult } from '../../src/core/domain/run/run-result.ts';
import { type RunMemory, rememberRun } from '../../src/daemon/remember-run.ts';
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

/** What a run sees of written changes, where that does not matter. */
const SEEN = { levelOf: () => null, isCounted: () => false, now: NOW };

/** One run after another, a quarter of an hour apart. */
function remembered(steps: readonly RunResult[], resolved = ANN_LACKS.resolved): readonly RunMemory[] {
  let memory: AccountMemory = emptyMemory(3229);
  return steps.map((result, index) => {
    const now = NOW + index * 900_000;
    const next = rememberRun(memory, { ...SEEN, result, resolved, now });
    memory = next.memory;
    return next;
  });
}

describe('the pair of ids of a token', () => {
  const policy: PolicySpec = {
    tokens: { ci: { access: 500, token: 55 } },
    grants: [{ to: 'token:ci', resource: ['project:Checkout', 'project:Mobile'], level: 'viewer' }],
  };
  const TOKEN = planned(policy, { accesses: [{ access: 2, user: ANN }], apiTokens: [{ id: 55, name: 'ci' }] });
  const PAIR = { access: 500, tokenId: 55 };
  const lessonsOf = (memory: AccountMemory, run: PlannedResult, result: RunResult) =>
    rememberRun(memory, { result, resolved: run.resolved, ...SEEN });

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
  const run = { result: ANN_LACKS.written(), resolved: ANN_LACKS.resolved, ...SEEN };
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
  const begunAfter = (steps: readonly RunResult[], by = approved) =>
    remembered(steps, by.resolved).map(({ memory }) => memory.begun.map((part) => part.changes.length).join());
  const half = approved.written('applied', 'failed');

  it('of which something is left is remembered with all that its digest binds, and forgotten once nothing is', () => {
    const done: RunResult = { kind: 'complete', plan: ANN_HAS.plan };
    expect(begunAfter([half, half, done, half])).toEqual(['2', '2', '', '2']);
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
        ...SEEN,
      }).memory.begun.length;
    expect(leftBy(approved)).toBe(1);
    expect(leftBy(approving('2026-11-23'))).toBe(0);
    expect(leftBy(planned(policy, { accesses: people }))).toBe(0);
  });

  it('is not remembered where the run wrote nothing', () => {
    expect(begunAfter([approved.notWritten()])).toEqual(['']);
  });

  it('is not remembered where nothing of it was tried, and is where a write failed: it may have taken effect', () => {
    expect(begunAfter([approved.written('not-tried', 'not-tried')])).toEqual(['']);
    expect(begunAfter([approved.written('not-tried', 'failed')])).toEqual(['2']);
    expect(begunAfter([half, approved.written('not-tried', 'not-tried')])).toEqual(['2', '2']);
  });

  it('is not remembered beyond the rows that may be', () => {
    const [part] = approved.plan.approved;
    const [change] = part?.changes ?? [];
    if (part === undefined || change === undefined) throw new Error('nothing is approved');
    const large = { ...part, changes: Array.from({ length: BEGUN_ROWS_MOST }, () => change) };
    const second = { ...part, changes: [{ ...change, access: 9 }] };
    const result: RunResult = { ...approved.written('failed'), plan: { ...approved.plan, approved: [large, second] } };
    expect(begunAfter([result])).toEqual([`${BEGUN_ROWS_MOST}`]);
  });
});
