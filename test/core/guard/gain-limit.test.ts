import { describe, expect, test } from 'vitest';
import type { AccessSpec, AccountSpec } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { changeOf, deferredText, smallWorld } from '../../support/small-world.ts';

const people = (count: number) => Array.from({ length: count }, (_, index) => `p${index}@x`);
const members = (count: number): readonly AccessSpec[] =>
  people(count).map((user, index) => ({ access: index + 1, user }));
const gains = (principals: number, percent: number | null = null): NonNullable<PolicySpec['limits']> => ({
  gains: { principals, percent },
});
const refusalOf = (policy: PolicySpec, account: AccountSpec) =>
  smallWorld(policy, account).plan.refusals.find(({ rule }) => rule === 'gain-limit');

/** So many people gain a project. */
function refused(count: number, limits: NonNullable<PolicySpec['limits']>, policy: PolicySpec = {}) {
  const grants = [{ to: people(count), resource: 'project:Checkout' }];
  return refusalOf({ grants, ...policy, limits }, { accesses: members(count) });
}

describe('at most so many may gain anything', () => {
  test.each([
    [4, false],
    [5, false],
    [6, true],
  ])('of 5 by number, %i gain: refused %s', (count, isRefused) => {
    expect(refused(count, gains(5)) !== undefined).toBe(isRefused);
  });

  test.each([
    [19, 2, false],
    [19, 4, true],
    [20, 4, false],
    [20, 5, true],
  ])('of 20 %% of the listed, with %i listed, %i gain: refused %s', (listed, count, isRefused) => {
    const accesses = people(listed).map((user, index): AccessSpec => {
      return { access: index + 1, user, rows: index < count ? {} : { 'project:#4001': 'viewer' } };
    });
    const grants = [{ to: people(listed), resource: 'project:Checkout' }];
    expect(refusalOf({ grants, limits: gains(100, 20) }, { accesses }) !== undefined).toBe(isRefused);
  });

  test('the smaller of number and percent counts', () => {
    expect(refused(4, gains(3, 100))).toBeDefined();
    expect(refused(4, gains(100, 75))).toBeDefined();
    expect(refused(4, gains(4, 100))).toBeUndefined();
  });

  test('one may always gain', () => {
    expect(refused(1, gains(0, 0))).toBeUndefined();
    expect(refused(2, gains(0, 0))?.message).toContain('The limit is 1:');
    expect(refused(2, gains(0))?.message).toContain('The limit is 1');
  });

  test('the numbers and names are told, and what to do', () => {
    const remedy =
      'approve the parts that you intend, make the change in smaller steps, or raise `limits.gains` in a reviewed change of the policy';
    expect(refused(3, gains(2))).toEqual({
      rule: 'gain-limit',
      message: '3 would gain access: p0@x, p1@x, p2@x. The limit is 2',
      remedy,
    });
    expect(refused(3, gains(5, 40))).toEqual({
      rule: 'gain-limit',
      message:
        '3 would gain access: p0@x, p1@x, p2@x. The limit is 1: the smaller of 5 and 40 % of the 3 that the policy lists, at least 1',
      remedy,
    });
  });
});

describe('listed is', () => {
  /** Two gain a project, and half of those listed may. */
  const listed = (policy: PolicySpec) => {
    const grants = [{ to: people(2), resource: 'project:Checkout' }, ...(policy.grants ?? [])];
    const message = refusalOf({ ...policy, grants, limits: gains(1, 100) }, { accesses: members(2) })?.message ?? '';
    return Number(/of the (\d+) that the policy lists/.exec(message)?.[1]);
  };

  test.each<[fact: string, count: number, policy: PolicySpec]>([
    ['who gains', 2, {}],
    ['who is not in the account', 3, { grants: [{ to: 'z@x', resource: 'project:Mobile' }] }],
    ['whose only grant has ended', 3, { grants: [{ to: 'z@x', resource: 'project:Mobile', until: '2026-11-01' }] }],
    [
      'whoever only begins later is not',
      2,
      { grants: [{ to: 'z@x', resource: 'project:Mobile', from: '2026-12-01' }] },
    ],
    ['whom only `ends` names is not', 2, { ends: { 'z@x': '2026-11-01' } }],
    [
      'a token, and a member of a group, once',
      4,
      {
        tokens: { ci: { access: 500, token: 55 } },
        groups: { qa: ['p0@x', 'z@x'] },
        grants: [{ to: ['group:qa', 'token:ci'], resource: 'project:Mobile' }],
      },
    ],
  ])('%s', (_, count, policy) => {
    expect(listed(policy)).toBe(count);
  });
});

describe('a gain is', () => {
  const of = (rows: AccessSpec['rows'], policy: PolicySpec = {}) => {
    const accesses: readonly AccessSpec[] = ['p0@x', 'p1@x'].map((user, index) => ({
      access: index + 1,
      user,
      rows: rows ?? {},
    }));
    const grants = [{ to: people(2), resource: 'project:Checkout', level: 'admin' as const }];
    return refusalOf({ grants, ...policy, limits: gains(1) }, { accesses }) !== undefined;
  };

  test.each<[fact: string, rows: NonNullable<AccessSpec['rows']>, isGain: boolean]>([
    ['a row that is created', {}, true],
    ['a row that is raised', { 'project:#4001': 'viewer' }, true],
    ['no row that is in place', { 'project:#4001': 'admin' }, false],
    ['no row that is removed', { 'project:#4001': 'admin', 'project:#4002': 'viewer' }, false],
  ])('%s', (_, rows, isGain) => {
    expect(of(rows)).toBe(isGain);
  });

  test('one in mode additive as well', () => {
    expect(of({}, { mode: 'additive' })).toBe(true);
  });

  test('of a token, and of a user and an invite of one e-mail once', () => {
    const grants = [{ to: ['a@x', 'token:ci'], resource: 'project:Checkout' }];
    const policy: PolicySpec = { tokens: { ci: { access: 500, token: 55 } }, grants, limits: gains(1) };
    const accesses: readonly AccessSpec[] = [
      { access: 1, user: 'A@x' },
      { access: 2, invite: 'a@X' },
    ];
    const apiTokens = [{ id: 55, name: 'ci' }];
    expect(refusalOf(policy, { accesses, apiTokens })?.message).toContain('2 would gain access: a@x, token:ci.');
    expect(
      refusalOf({ ...policy, grants: [{ to: 'a@x', resource: 'project:Checkout' }] }, { accesses }),
    ).toBeUndefined();
  });
});

describe('gains that are held', () => {
  test('are all of them, and losses that do not rely on them go on', () => {
    const { plan } = smallWorld(
      {
        limits: gains(1),
        grants: [
          { to: ['a@x', 'b@x'], resource: 'project:Mobile' },
          { to: 'c@x', resource: 'project:Checkout' },
        ],
      },
      {
        accesses: [
          { access: 1, user: 'a@x', rows: { account: 'viewer', 'domain:#7001': 'viewer' } },
          { access: 2, user: 'b@x' },
          { access: 3, user: 'c@x', rows: { 'project:#4001': 'admin' } },
        ],
      },
    );
    expect(plan.held.map(({ rules, changes }) => [rules.join(), ...changes.map(changeOf)])).toEqual([
      ['gain-limit', 'a@x create project:#4002 0>10'],
      ['gain-limit', 'b@x create project:#4002 0>10'],
    ]);
    expect(plan.deferred.map(deferredText)).toEqual(['remove account:#3229 10>0: relies-on-missing project:Mobile']);
    expect(plan.changes.map(changeOf)).toEqual(['a@x remove domain:#7001 10>0', 'c@x lower project:#4001 100>10']);
  });

  test('are new account admins too, and both rules are told, this one first', () => {
    const { plan } = smallWorld(
      { limits: { ...gains(1), newAdmins: 0 }, grants: [{ to: people(2), resource: 'account', level: 'admin' }] },
      { accesses: members(2) },
    );
    expect(plan.refusals.map(({ rule }) => rule)).toEqual(['gain-limit', 'admin-limit']);
    expect(plan.held.map(({ rules }) => rules)).toEqual([
      ['gain-limit', 'admin-limit'],
      ['gain-limit', 'admin-limit'],
    ]);
  });

  test('are no gains that wait for something else', () => {
    const grants = [
      { to: 'p0@x', resource: 'project:Checkout' },
      { to: 'p1@x', resource: 'project:*', except: ['project:Nowhere'] },
    ];
    expect(refusalOf({ grants, limits: gains(1) }, { accesses: members(2) })).toBeUndefined();
  });
});
