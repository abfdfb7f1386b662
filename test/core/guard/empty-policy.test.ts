import { describe, expect, test } from 'vitest';
import { instantText } from '../../../src/core/domain/text/instant.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { ANN, NOW, smallWorld } from '../../support/small-world.ts';

const VIEWER = { 'project:#4001': 'viewer' } as const;
const ENDS = { [ANN]: '2026-11-01' };

function refusal(policy: PolicySpec) {
  const { plan } = smallWorld(policy, { accesses: [{ access: 2, user: ANN, rows: VIEWER }] });
  return plan.refusals.find(({ rule }) => rule === 'empty-policy');
}

describe('a policy that holds no grant at all', () => {
  test('takes nothing from anybody', () => {
    expect(refusal({ ends: ENDS })).toEqual({
      rule: 'empty-policy',
      message: 'the policy has no grants at all, and 1 would lose access: ann@example.com',
      remedy: 'restore the grants; to empty the account on purpose, approve the parts, or keep one grant',
    });
  });

  test('is not refused where nobody would lose anything', () => {
    expect(refusal({})).toBeUndefined();
    expect(refusal({ ends: ENDS, mode: 'additive' })).toBeUndefined();
  });

  test('is not meant where one grant stands, whomever it names', () => {
    expect(refusal({ ends: ENDS, grants: [{ to: 'x@x', resource: 'account' }] })).toBeUndefined();
  });

  test('is meant where every grant begins later, and not from the moment on when one begins', () => {
    const later = { to: 'x@x', resource: 'account', from: '2027-01-01' };
    expect(refusal({ ends: ENDS, grants: [later] })?.message).toBe(
      'no grant of the policy has begun, and 1 would lose access: ann@example.com',
    );
    expect(refusal({ ends: ENDS, grants: [later, { ...later, from: '2026-11-01' }] })).toBeUndefined();
    expect(refusal({ ends: ENDS, grants: [{ ...later, from: instantText(NOW) }] })).toBeUndefined();
  });

  test('is refused before every other rule', () => {
    const world = smallWorld(
      { ends: ENDS, limits: { admins: 1 } },
      { accesses: [{ access: 2, user: ANN, rows: { account: 'admin' } }] },
    );
    expect(world.plan.refusals.map(({ rule }) => rule)).toEqual(['empty-policy', 'last-admins']);
  });
});

test('refusals are told in one order', () => {
  const never = [{ who: 'new@x', resource: 'account', level: 'admin' as const }];
  const limits = { admins: 2, newAdmins: 0, revokes: { principals: 1, percent: 1 } };
  const grants = [
    { to: ['new@x'], resource: 'account', level: 'admin' as const },
    { to: ['a@x', 'b@x'], resource: 'project:#999' },
  ];
  const admin = { account: 'admin' } as const;
  const accesses = [
    { access: 1, user: 'a@x', rows: admin },
    { access: 2, user: 'b@x', rows: admin },
    { access: 3, user: 'new@x' },
  ];
  expect(smallWorld({ never, limits, grants }, { accesses }).plan.refusals.map(({ rule }) => rule)).toEqual([
    'last-admins',
    'never',
    'revoke-limit',
    'admin-limit',
  ]);
});
