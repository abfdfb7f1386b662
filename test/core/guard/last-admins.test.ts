import { describe, expect, test } from 'vitest';
import type { AccessSpec } from '../../support/account-builder.ts';
import type { GrantSpec, PolicySpec } from '../../support/policy-builder.ts';
import { smallWorld } from '../../support/small-world.ts';

const ADMIN = { account: 'admin' } as const;
const GONE: GrantSpec = { to: ['a@x', 'b@x', 'c@x'], resource: 'project:#999' };

/** So many users are account admins. */
function admins(count: number): readonly AccessSpec[] {
  return ['a@x', 'b@x', 'c@x', 'd@x', 'e@x']
    .slice(0, count)
    .map((user, index) => ({ access: index + 1, user, rows: ADMIN }));
}

function refusal(least: number, accesses: readonly AccessSpec[], policy: PolicySpec = {}) {
  const { plan } = smallWorld({ grants: [GONE], ...policy, limits: { admins: least } }, { accesses });
  return plan.refusals.find(({ rule }) => rule === 'last-admins');
}

describe('so many account admins and owners must remain', () => {
  test.each([
    [1, false],
    [2, false],
    [3, true],
  ])('at least %i, of 5 go 3: refused %s', (least, isRefused) => {
    expect(refusal(least, admins(5)) !== undefined).toBe(isRefused);
  });

  test('too few that were found may stay too few, and never become fewer', () => {
    expect(refusal(9, admins(5))).toBeDefined();
    expect(refusal(9, admins(5), { grants: [{ to: 'a@x', resource: 'account', level: 'admin' }] })).toBeUndefined();
  });

  test('the last one stays', () => {
    expect(refusal(1, admins(3))).toBeDefined();
    expect(refusal(1, admins(4))).toBeUndefined();
  });

  test('where none must remain all may go', () => {
    expect(refusal(0, admins(3))).toBeUndefined();
  });

  test('a lowering counts as a removal does', () => {
    const grants: readonly GrantSpec[] = [{ to: 'a@x', resource: 'account' }];
    expect(refusal(1, admins(1), { grants })).toBeDefined();
  });

  test('the numbers and names are told, and that it cannot be approved', () => {
    expect(refusal(3, admins(5))).toEqual({
      rule: 'last-admins',
      message: 'a@x, b@x, c@x would stop being account admin, which leaves 2 of 5 admins and owners; 3 must remain',
      remedy: 'name another account admin first; this rule cannot be approved',
    });
  });
});

describe('of those who remain counts', () => {
  const two = admins(2);
  test.each<[fact: string, counts: boolean, access: Omit<AccessSpec, 'access'>]>([
    ['an account admin', true, { user: 'z@x', rows: ADMIN }],
    ['an owner of the account', true, { user: 'z@x', rows: { account: 'owner' } }],
    ['an owner of the organization', true, { user: 'z@x', rows: { 'organization:#7': 'owner' } }],
    ['no invite', false, { invite: 'z@x', rows: ADMIN }],
    ['no token', false, { token: { id: 1, name: 't' }, rows: ADMIN }],
    ['no level that nobody documents', false, { user: 'z@x', rows: { account: 500 } }],
    ['no viewer+', false, { user: 'z@x', rows: { account: 50 } }],
    ['no admin of a project', false, { user: 'z@x', rows: { 'project:#4001': 'admin' } }],
    ['no admin of another account', false, { user: 'z@x', rows: { 'account:#1': 'admin' } }],
    ['no other spelling of who goes', false, { user: 'A@X', rows: ADMIN }],
  ])('%s', (_, counts, access) => {
    expect(refusal(1, [...two, { access: 9, ...access }]) === undefined).toBe(counts);
  });

  test('who becomes one in the same plan', () => {
    const grants: readonly GrantSpec[] = [GONE, { to: 'z@x', resource: 'account', level: 'admin' }];
    expect(refusal(1, [...two, { access: 9, user: 'z@x' }], { grants })).toBeUndefined();
    expect(refusal(1, [...two, { access: 9, invite: 'z@x' }], { grants })).toBeDefined();
  });
});

describe('nothing is refused', () => {
  test('where nobody stops being admin, however few there are', () => {
    const grants: readonly GrantSpec[] = [{ to: 'z@x', resource: 'project:#4002' }];
    const rows = { 'project:#4001': 'admin' } as const;
    expect(refusal(5, [{ access: 9, user: 'z@x', rows }], { grants })).toBeUndefined();
  });

  test('where only an invite or a token stops being admin', () => {
    expect(
      refusal(1, [
        { access: 1, invite: 'a@x', rows: ADMIN },
        { access: 2, user: 'z@x', rows: ADMIN },
      ]),
    ).toBeUndefined();
    expect(refusal(1, [{ access: 1, invite: 'a@x', rows: ADMIN }])).toBeUndefined();
  });

  test('where the invite of an owner stops being admin, and the owner stays', () => {
    const both: readonly AccessSpec[] = [
      { access: 1, user: 'a@x', rows: { account: 'owner' } },
      { access: 2, invite: 'a@x', rows: ADMIN },
    ];
    expect(refusal(1, both)).toBeUndefined();
  });

  test('where somebody loses admin of less than the account', () => {
    const rows = { ...ADMIN, 'billing:#3229': 'admin' } as const;
    const grants: readonly GrantSpec[] = [{ to: 'a@x', resource: 'account', level: 'admin' }];
    expect(refusal(1, [{ access: 1, user: 'a@x', rows }], { grants })).toBeUndefined();
  });
});
