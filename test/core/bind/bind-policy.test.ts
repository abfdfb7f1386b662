import { describe, expect, test } from 'vitest';
import { principalNameText } from '../../../src/core/domain/account/principal.ts';
import type { AccessSpec, AccountSpec } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { changeOf, NOW, smallWorld, told } from '../../support/small-world.ts';

const VIEWER = { 'project:#4001': 'viewer' } as const;
const GRANTS = [{ to: 'ann@x', resource: 'project:#4001' }];
const desired = (policy: PolicySpec, account: AccountSpec = {}) => smallWorld(policy, account).desired;

test('the desired state has the account as observed, the mode and the moment', () => {
  expect(desired({ mode: 'observe', account: 8 }, { account: 8, tree: [] })).toMatchObject({
    account: 8,
    mode: 'observe',
    now: NOW,
  });
});

describe('a named person', () => {
  test('is matched by e-mail, whatever the case', () => {
    const { plan } = smallWorld({ grants: GRANTS }, { accesses: [{ access: 2, user: 'ANN@X' }] });
    expect(plan.changes.map(changeOf)).toEqual(['ANN@X create project:#4001 0>10']);
  });

  test('who is a user and an invite gets the rows twice, and no notice', () => {
    const accesses = [
      { access: 3, invite: 'ann@x' },
      { access: 2, user: 'Ann@x' },
    ];
    const { plan } = smallWorld({ grants: GRANTS }, { accesses });
    expect(plan.changes.map(({ access }) => access)).toEqual([2, 3]);
    expect(told(plan.notices, 'email-twice')).toEqual([]);
  });

  test('who is two users gets the rows twice, and a notice', () => {
    const accesses = [
      { access: 30, user: 'ann@x' },
      { access: 4, user: 'Ann@x' },
    ];
    const { plan } = smallWorld({ grants: GRANTS }, { accesses });
    expect(plan.changes.map(({ access }) => access)).toEqual([4, 30]);
    expect(told(plan.notices, 'email-twice')).toEqual([
      'the account contains user ann@x 2 times: accesses 4, 30; each gets the same rows',
    ]);
  });

  test('a name that is not in the account is absent, with every line that names it', () => {
    const grants = [
      ...GRANTS,
      { ...GRANTS[0], to: 'ann@x', until: '2026-11-01' },
      { to: 'ann@x', resource: 'billing', from: '2027-01-01' },
    ];
    const { plan, desired: bound } = smallWorld({ grants });
    expect(
      plan.absent.map(({ name, grants: places }) => [principalNameText(name), places.map(({ line }) => line)]),
    ).toEqual([['ann@x', [51, 52, 53]]]);
    expect(bound.absent[0]?.begins).toBeNull();
    expect(plan.verdict).toBe('complete');
  });

  test('who is there is not absent', () => {
    expect(desired({ grants: GRANTS }, { accesses: [{ access: 2, user: 'ann@x' }] }).absent).toEqual([]);
  });

  test('is protected where the policy protects them, by any spelling', () => {
    const accesses = [
      { access: 2, user: 'Ann@X' },
      { access: 3, user: 'bob@x' },
    ];
    const grants = [{ to: ['ann@x', 'bob@x'], resource: 'account' }];
    const { subjects } = desired({ grants, protected: ['zed@x', 'ANN@x'] }, { accesses });
    expect(subjects.map(({ isProtected }) => isProtected)).toEqual([true, false]);
  });

  test('is excluded where a pattern ignores them', () => {
    const accesses = [
      { access: 2, user: 'Ann@X' },
      { access: 3, user: 'bob@x' },
    ];
    const grants = [{ to: ['ann@x', 'bob@x'], resource: 'account' }];
    const { subjects } = desired({ grants, ignore: ['zed@x', 'a*@x'] }, { accesses });
    expect(subjects.map(({ excluded }) => excluded)).toEqual(['ignored-person', null]);
  });
});

describe('everyone else', () => {
  const others = (policy: PolicySpec, accesses: readonly AccessSpec[], apiTokens: AccountSpec['apiTokens'] = []) =>
    desired(policy, { accesses, apiTokens }).others.map(
      ({ access, isExempt }) => `${access.access}${isExempt ? ' exempt' : ''}`,
    );

  test('is who is not named, upcoming or not', () => {
    const accesses = [
      { access: 2, user: 'Ann@X' },
      { access: 3, invite: 'ann@x' },
      { access: 4, user: 'Bob@X' },
      { access: 5, user: 'zed@x' },
    ];
    const grants = [...GRANTS, { to: 'bob@x', resource: 'account', from: '2027-01-01' }];
    expect(others({ grants }, accesses)).toEqual(['4', '5']);
  });

  test('is exempt where protected or ignored', () => {
    const accesses = [
      { access: 2, user: 'Pro@X' },
      { access: 3, invite: 'ign@x' },
      { access: 4, user: 'zed@x' },
      { access: 5, token: { id: 1, name: 'pro@x' } },
      { access: 6, token: { id: 2, name: 'ign@x' } },
    ];
    expect(others({ protected: ['pro@x'], ignore: ['ign@*'] }, accesses)).toEqual([
      '2 exempt',
      '3 exempt',
      '4',
      '5',
      '6',
    ]);
  });

  test('is a token that no grant names, and never one that a grant names', () => {
    const accesses = [
      { access: 500, token: { id: 900, name: 'a' } },
      { access: 501, token: { id: 901, name: 'b' } },
    ];
    const policy = {
      tokens: { ci: { access: 500, token: 900 }, cd: { access: 501, token: 901 } },
      grants: [{ to: 'token:ci', resource: 'account' }],
    };
    expect(others(policy, accesses, [{ id: 900, name: 'a' }])).toEqual(['501']);
  });

  test('is who really has the access id that a declared token wrongly carries', () => {
    const policy = { tokens: { ci: { access: 2, token: 900 } }, grants: [{ to: 'token:ci', resource: 'account' }] };
    const { plan } = smallWorld(policy, {
      accesses: [{ access: 2, user: 'zed@x', rows: VIEWER }],
      apiTokens: [{ id: 900, name: 'a' }],
    });
    expect(plan.unlisted.map(({ access }) => access)).toEqual([2]);
  });
});

describe('a rule of `never`', () => {
  const rule = (resource: string, who = 'ann@x') => ({ who, resource, level: 'admin' as const });
  const account = {
    accesses: [
      { access: 2, user: 'ann@x' },
      { access: 3, user: 'bob@x' },
    ],
  };
  const grants = [{ to: ['ann@x', 'bob@x'], resource: 'account' }];

  test('is bound to the resources that it means', () => {
    const { never, notices } = desired({ grants, never: [rule('project:*'), rule('project:Z*')] }, account);
    expect(never.map(({ rule: { at }, nodes }) => [at.line, nodes.map(({ id }) => id)])).toEqual([
      [81, [4001, 4002]],
      [82, []],
    ]);
    expect(told(notices, 'matches-nothing')).toHaveLength(1);
  });

  test('with an unresolved name binds nothing, and marks the principals that it names', () => {
    const { never, notices, subjects } = desired(
      { grants, never: [rule('billing'), rule('project:Gone'), rule('project:Away')] },
      account,
    );
    expect(never.map(({ rule: { at } }) => at.line)).toEqual([81]);
    expect(subjects.map(({ neverUnresolved }) => neverUnresolved?.line ?? null)).toEqual([82, null]);
    expect(told(notices, 'unresolved-name')[0]).toBe(
      'project:Gone matches no resource that the token can see; grantd raises no one whom ann@x names',
    );
  });
});

describe('an unresolved name of a grant gives a notice', () => {
  const unresolved = (grant: { readonly from?: string; readonly until?: string; readonly to?: string }) =>
    told(desired({ grants: [{ to: 'ann@x', resource: 'project:Gone', ...grant }] }).notices, 'unresolved-name');

  test('where it runs, and where it lies ahead', () => {
    expect(unresolved({})).toHaveLength(1);
    expect(unresolved({ from: '2027-01-01' })).toHaveLength(1);
  });

  test('not if the grant has ended, or reaches no one', () => {
    expect(unresolved({ until: '2026-11-01' })).toEqual([]);
    expect(unresolved({ to: 'group:none' })).toEqual([]);
  });
});
