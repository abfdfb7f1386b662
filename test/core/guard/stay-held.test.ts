import { describe, expect, test } from 'vitest';
import type { StayingPart } from '../../../src/core/domain/account/approval-memory.ts';
import { principalHash } from '../../../src/core/domain/account/known-ends.ts';
import { isRaised, type LimitNumbers, limitNumbers } from '../../../src/core/domain/plan/limit-rules.ts';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { Restraints } from '../../../src/core/domain/plan/restraints.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { changeOf, smallWorld } from '../../support/small-world.ts';

const VIEWER = { 'project:#4001': 'viewer', 'domain:#7001': 'viewer' } as const;
const ACCESSES = [
  { access: 1, user: 'a@x', rows: VIEWER },
  { access: 2, user: 'b@x', rows: VIEWER },
  { access: 3, user: 'c@x' },
];
/** B loses two rows, C becomes account admin, and both limits let one pass. */
const POLICY: PolicySpec = {
  limits: {
    revokes: { principals: 1, percent: 100 },
    gains: { principals: 1, percent: null },
    admins: 0,
    newAdmins: 1,
  },
  grants: [
    { to: 'a@x', resource: ['project:Checkout', 'domain:example.com'] },
    { to: 'c@x', resource: 'account', level: 'admin' },
  ],
  ends: { 'b@x': '2026-11-01' },
};
const B: StayingPart = {
  rule: 'revoke-limit',
  access: 2,
  rows: [{ type: 'domain', id: 7001 }],
  limit: { principals: 1, percent: 100 },
};
const C: StayingPart = {
  rule: 'admin-limit',
  access: 3,
  rows: [{ type: 'account', id: 3229 }],
  limit: { principals: 1, percent: null },
};

const plan = (staying: readonly StayingPart[], policy: PolicySpec = {}, more: Partial<Restraints> = {}): Plan =>
  smallWorld({ ...POLICY, ...policy }, { accesses: ACCESSES }, undefined, { ...more, staying }).plan;
const heldOf = ({ held }: Plan) =>
  held.flatMap(({ rules, changes }) => changes.map((one) => `${rules} ${changeOf(one)}`));
const B_HELD = ['revoke-limit b@x remove domain:#7001 10>0', 'revoke-limit b@x remove project:#4001 10>0'];

describe('what stays held', () => {
  test('passes if nothing says that it stays', () => {
    expect(heldOf(plan([]))).toEqual([]);
  });

  test('is held within the limit, whole, with its reason', () => {
    const found = plan([B]);
    expect(heldOf(found)).toEqual(B_HELD);
    expect(found.refusals).toEqual([
      {
        rule: 'revoke-limit',
        message:
          '1 would lose access: b@x. An approval let others pass whom this limit held with them, so these stay held in every run',
        remedy: 'approve the parts that you intend, or raise `limits.revokes` in a reviewed change of the policy',
      },
    ]);
  });

  test('is what its own rule counts, and nothing else', () => {
    expect(heldOf(plan([C]))).toEqual(['admin-limit c@x create account:#3229 0>100']);
    expect(heldOf(plan([{ ...C, rule: 'gain-limit' }]))).toEqual(['gain-limit c@x create account:#3229 0>100']);
    expect(heldOf(plan([{ ...C, rule: 'revoke-limit' }]))).toEqual([]);
    expect(heldOf(plan([{ ...B, rule: 'gain-limit' }]))).toEqual([]);
  });

  test('is no longer held once no row of it is planned, or it is of somebody else', () => {
    expect(heldOf(plan([{ ...B, rows: [{ type: 'inbox', id: 7001 }] }]))).toEqual([]);
    expect(heldOf(plan([{ ...B, access: 1 }]))).toEqual([]);
  });

  test('is every row of an access that names none', () => {
    expect(heldOf(plan([{ ...B, rows: [] }]))).toEqual(B_HELD);
  });

  test('passes by an approval of its digest', () => {
    const [part] = plan([B]).held;
    const found = plan([B], {}, { approvedByHand: [part?.digest ?? ''] });
    expect([found.held, found.refusals, found.approved.length]).toEqual([[], [], 1]);
  });

  test('passes once the limit is raised, and not if it is lowered or another one is raised', () => {
    const limits = POLICY.limits ?? {};
    expect(heldOf(plan([B], { limits: { ...limits, revokes: { principals: 2, percent: 100 } } }))).toEqual([]);
    expect(heldOf(plan([B], { limits: { ...limits, newAdmins: 9 } }))).toEqual(B_HELD);
    const higher = { ...B, limit: { principals: 2, percent: 100 } };
    expect(heldOf(plan([higher]))).toEqual(B_HELD);
  });

  test('does not hold a loss that counts towards no limit', () => {
    const since = Date.parse('2026-10-01T00:00:00Z');
    const ends = ['2026-11-01T00:00:00Z', '2026-11-02T00:00:00Z'].map((end) => Date.parse(end));
    const knownEnds = ends.map((end) => ({ principal: principalHash({ email: 'b@x' }), end, since }));
    expect(heldOf(plan([B], {}, { knownEnds }))).toEqual([]);
  });

  test('is held by the limit itself with what exceeds it', () => {
    const policy = { ...POLICY, ends: { 'a@x': '2026-11-01', 'b@x': '2026-11-01' } };
    const found = plan([B], policy);
    expect(found.held).toHaveLength(2);
    expect(found.refusals[0]?.message).toContain('2 would lose access: a@x, b@x. The limit is 1');
  });
});

describe('a limit', () => {
  const numbers = (principals: number, percent: number | null): LimitNumbers => ({ principals, percent });

  test('is raised if it lets more pass in one number', () => {
    expect(isRaised(numbers(1, 20), numbers(1, 20))).toBe(false);
    expect(isRaised(numbers(1, 20), numbers(2, 10))).toBe(true);
    expect(isRaised(numbers(2, 20), numbers(1, 20))).toBe(false);
    expect(isRaised(numbers(1, 20), numbers(1, 21))).toBe(true);
    expect(isRaised(numbers(1, 20), numbers(1, null))).toBe(true);
    expect(isRaised(numbers(1, null), numbers(1, 20))).toBe(false);
    expect(isRaised(numbers(1, null), numbers(1, null))).toBe(false);
  });

  test('has its numbers in the policy', () => {
    const { limits } = smallWorld(POLICY, { accesses: ACCESSES }).resolved.policy;
    expect(limitNumbers('revoke-limit', limits)).toEqual(numbers(1, 100));
    expect(limitNumbers('gain-limit', limits)).toEqual(numbers(1, null));
    expect(limitNumbers('admin-limit', limits)).toEqual(numbers(1, null));
  });
});
