import { describe, expect, it } from 'vitest';
import { emptyMemory } from '../../src/core/domain/account/account-memory.ts';
import { SPENT_MOST, STAYING_ROWS_MOST, type StayingPart } from '../../src/core/domain/account/approval-memory.ts';
import { approvalsAfter, withApprovals } from '../../src/daemon/remember-approvals.ts';
import type { PolicySpec } from '../support/policy-builder.ts';
import { planned } from './support/results.ts';

const NOW = Date.UTC(2026, 10, 24);
const DAY_MS = 86_400_000;
const rows = { 'project:#4001': 'viewer', 'domain:#7001': 'viewer' } as const;
const accesses = ['a@x', 'b@x', 'c@x'].map((user, index) => ({ access: index + 1, user, rows }));
/** Three lose two rows each, and one may. */
const POLICY: PolicySpec = {
  limits: { revokes: { principals: 1, percent: 100 } },
  grants: [{ to: ['a@x', 'b@x', 'c@x'], resource: 'project:Mobile' }],
};
const held = planned(POLICY, { accesses }).plan.held.map(({ digest }) => digest);
const [A = ''] = held;
const until = '2026-11-30';
const approved = planned({ ...POLICY, approvals: [{ digests: [A], until }] }, { accesses });
const { policy } = approved.resolved;
const EMPTY = emptyMemory(3229);
const UNTIL = Date.UTC(2026, 11, 1);
const ROWS = [
  { type: 'domain', id: 7001 },
  { type: 'project', id: 4001 },
];
const staying = (access: number): StayingPart => ({
  rule: 'revoke-limit',
  access,
  rows: ROWS as StayingPart['rows'],
  limit: { principals: 1, percent: 100 },
});

describe('before the first approved change is written', () => {
  const memory = withApprovals(EMPTY, approved.plan, policy, NOW);

  it('its part is begun, its approval is spent, and the rest stays held', () => {
    expect(memory.begun).toMatchObject([{ digest: A, access: 1 }]);
    expect(memory.spent).toEqual([{ digest: A, until: UNTIL }]);
    expect(memory.staying).toEqual([staying(2), staying(3)]);
  });

  it('twice is the same', () => {
    expect(withApprovals(memory, approved.plan, policy, NOW)).toEqual(memory);
  });

  it('by hand, nothing is spent', () => {
    const plan = { ...approved.plan, approved: approved.plan.approved.map((part) => ({ ...part, by: BY_HAND })) };
    expect(withApprovals(EMPTY, plan, policy, NOW)).toMatchObject({ spent: [], staying: [staying(2), staying(3)] });
  });

  const BY_HAND = { kind: 'by-hand', user: 'root' } as const;
});

describe('after a run', () => {
  const memory = withApprovals(EMPTY, approved.plan, policy, NOW);
  const next = (before = memory, result = approved.notWritten(), now = NOW, by = policy) =>
    approvalsAfter(before, { result, policy: by, now });

  it('that wrote nothing, it is the same', () => {
    const { begun, spent, staying: stays } = memory;
    expect(next()).toEqual({ begun, spent, staying: stays });
  });

  it('what nobody plans any more is done, and no longer begun or staying', () => {
    const done = planned({ grants: [{ to: 'a@x', resource: 'project:Mobile' }] }, {});
    expect(next(memory, done.notWritten())).toMatchObject({ begun: [], staying: [] });
  });

  it('a change of a begun part that is done stays done, though somebody undoes it', () => {
    const one = planned({ ...POLICY }, { accesses: [{ access: 1, user: 'a@x', rows: { 'domain:#7001': 'viewer' } }] });
    const half = next(memory, one.notWritten());
    expect(half.begun[0]?.changes.map(({ isDone }) => isDone ?? false).sort()).toEqual([false, true]);
    expect(next({ ...EMPTY, ...half }).begun).toEqual(half.begun);
  });

  it('an approval stays spent while the policy has it, and else until it ends', () => {
    const without = { ...policy, approvals: [] };
    const spentAt = (now: number, by = policy) => next(memory, approved.notWritten(), now, by).spent.length;
    expect([spentAt(UNTIL - 1), spentAt(UNTIL), spentAt(UNTIL + 100 * DAY_MS)]).toEqual([1, 1, 1]);
    expect([spentAt(UNTIL - 1, without), spentAt(UNTIL, without)]).toEqual([1, 0]);
  });

  it('of too many spent approvals those go that the policy does not have, the soonest end first', () => {
    const others = Array.from({ length: SPENT_MOST }, (_, index) => ({
      digest: `sha256:${index}`,
      until: NOW + 1 + index,
    }));
    const { spent } = next({ ...memory, spent: [...others, ...memory.spent] });
    expect(spent).toHaveLength(SPENT_MOST);
    expect(spent).toContainEqual({ digest: A, until: UNTIL });
    expect(spent).not.toContainEqual(others[0]);
    expect(spent).toContainEqual(others[1]);
  });

  it('of too many rows whole accesses stay held', () => {
    const many = Array.from({ length: STAYING_ROWS_MOST }, (_, id) => ({ type: 'inbox' as const, id }));
    const part = approved.plan.held[0];
    if (part === undefined) throw new Error('nothing is held');
    const [change] = part.changes;
    if (change === undefined) throw new Error('nothing is held');
    const changes = many.map(({ type, id }) => ({ ...change, resource: { type, id, label: '' } }));
    const plan = { ...approved.plan, held: [{ ...part, changes }, ...approved.plan.held.slice(1)] };
    const whole = withApprovals(EMPTY, plan, policy, NOW).staying;
    expect(whole.map(({ access, rows: kept }) => [access, kept])).toEqual([
      [2, []],
      [3, []],
    ]);
    expect(next({ ...memory, staying: whole }).staying).toEqual(whole);
    const gone = planned(POLICY, { accesses: accesses.slice(0, 2) });
    expect(next({ ...memory, staying: whole }, gone.notWritten()).staying.map(({ access }) => access)).toEqual([2]);
  });

  it('a part that changes keeps the rows that are still planned, and takes the new ones', () => {
    const moved = [
      { access: 1, user: 'a@x', rows },
      { access: 2, user: 'b@x', rows: { 'domain:#7001': 'viewer', 'inbox:#4101': 'admin' } as const },
    ];
    const { staying: stays } = next(memory, planned(POLICY, { accesses: moved }).notWritten());
    expect(stays.map(({ access, rows: kept }) => [access, kept.map(({ type }) => type).sort()])).toEqual([
      [2, expect.arrayContaining(['domain'])],
    ]);
  });

  it('a raised limit releases it, a lowered one does not', () => {
    const by = (principals: number) => ({
      ...policy,
      limits: { ...policy.limits, revokes: { principals, percent: 100 } },
    });
    const before = {
      ...memory,
      staying: memory.staying.map((part) => ({ ...part, limit: { principals: 2, percent: 100 } })),
    };
    expect(next(before, approved.notWritten(), NOW, by(3)).staying).toEqual([]);
    expect(next(before, approved.notWritten(), NOW, by(1)).staying.map(({ limit }) => limit.principals)).toEqual([
      2, 2,
    ]);
  });
});
