import { describe, expect, test } from 'vitest';
import type { AccessSpec } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { smallWorld } from '../../support/small-world.ts';

const ADMINS = ['a@x', 'b@x', 'c@x'];
const PEOPLE: readonly AccessSpec[] = ADMINS.map((user, index) => ({ access: index + 1, user }));

function refusal(newAdmins: number, accesses: readonly AccessSpec[], policy: PolicySpec = {}) {
  const grants = [{ to: ADMINS, resource: 'account', level: 'admin' as const }];
  const { plan } = smallWorld({ grants, ...policy, limits: { newAdmins } }, { accesses });
  return plan.refusals.find(({ rule }) => rule === 'admin-limit');
}

describe('at most so many may newly become account admin', () => {
  test.each([
    [2, true],
    [3, false],
    [4, false],
  ])('of %i, 3 become: refused %s', (newAdmins, isRefused) => {
    expect(refusal(newAdmins, PEOPLE) !== undefined).toBe(isRefused);
  });

  test('zero means none', () => {
    expect(refusal(0, PEOPLE.slice(0, 1))).toBeDefined();
    expect(refusal(0, [])).toBeUndefined();
  });

  test('the numbers and names are told, and what to do', () => {
    expect(refusal(2, PEOPLE)).toEqual({
      rule: 'admin-limit',
      message: '3 would newly become account admin: a@x, b@x, c@x. The limit is 2',
      remedy:
        'approve the parts that you intend, make the change in smaller steps, or raise `limits.newAdmins` in a reviewed change of the policy',
    });
  });
});

describe('newly an account admin is', () => {
  test.each<[fact: string, level: NonNullable<AccessSpec['rows']>, isNew: boolean]>([
    ['who held nothing', {}, true],
    ['who was viewer', { account: 'viewer' }, true],
    ['who was viewer+', { account: 50 }, true],
    ['nobody who was admin', { account: 'admin' }, false],
    ['who was admin of every project', { 'project:#4001': 'admin', 'project:#4002': 'admin' }, true],
  ])('%s', (_, rows, isNew) => {
    expect(refusal(0, [{ access: 1, user: 'a@x', rows }]) !== undefined).toBe(isNew);
  });

  test('an invite, and a token', () => {
    expect(refusal(0, [{ access: 1, invite: 'a@x' }])).toBeDefined();
    const grants = [{ to: 'token:ci', resource: 'account', level: 'admin' as const }];
    const world = smallWorld(
      { tokens: { ci: { access: 5, token: 9 } }, grants, limits: { newAdmins: 0 } },
      { apiTokens: [{ id: 9, name: 'x' }] },
    );
    expect(world.plan.refusals[0]?.message).toContain('token:ci');
  });

  test('a user and an invite of one e-mail, once', () => {
    const both = [
      { access: 1, user: 'A@x' },
      { access: 2, invite: 'a@X' },
    ];
    expect(refusal(1, both)).toBeUndefined();
    expect(refusal(0, both)?.message).toContain('1 would');
  });

  test('nobody who becomes viewer of the account, or admin of less', () => {
    const grants = [
      { to: ADMINS, resource: 'account' },
      { to: ADMINS, resource: 'project:*', level: 'admin' as const },
    ];
    expect(refusal(0, PEOPLE, { grants })).toBeUndefined();
  });
});
