import { describe, expect, test } from 'vitest';
import { adminEmails } from '../../../../src/core/domain/account/actual-state.ts';
import { type AccessSpec, buildAccount } from '../../../support/account-builder.ts';

function admins(...accesses: readonly Omit<AccessSpec, 'access'>[]): readonly string[] {
  const actual = buildAccount({ accesses: accesses.map((access, index) => ({ access: index + 1, ...access })) });
  return [...adminEmails(actual.account, actual.accesses)];
}

describe('an admin of the account is', () => {
  test('a user with admin on the account, by the folded e-mail', () => {
    expect(admins({ user: 'Ann@X', rows: { 'project:#1': 'viewer', account: 'admin' } })).toEqual(['ann@x']);
  });

  test('an owner, by a row on whatever it is', () => {
    expect(
      admins({ user: 'a@x', rows: { 'organization:#7': 'owner' } }, { user: 'b@x', rows: { account: 1000 } }),
    ).toEqual(['a@x', 'b@x']);
  });

  test('one, for two users of one e-mail', () => {
    expect(admins({ user: 'a@x', rows: { account: 'admin' } }, { user: 'A@x', rows: { account: 'admin' } })).toEqual([
      'a@x',
    ]);
  });

  test('one, for two users whose e-mails are two spellings of one', () => {
    const rows = { account: 'admin' } as const;
    expect(admins({ user: 'jos\u00e9@xn--4ca', rows }, { user: 'jose\u0301@\u00c4', rows })).toEqual([
      'jos\u00e9@\u00e4',
    ]);
  });

  test('no invite and no token, whatever access they have', () => {
    expect(
      admins(
        { invite: 'a@x', rows: { account: 'admin' } },
        { token: { id: 1, name: 't' }, rows: { account: 'owner' } },
      ),
    ).toEqual([]);
  });

  test.each([10, 50, 99, 101, 500, 1])('no user with level %i on the account', (level) => {
    expect(admins({ user: 'a@x', rows: { account: level } })).toEqual([]);
  });

  test('no admin of another account, or of less', () => {
    expect(
      admins({ user: 'a@x', rows: { 'account:#1': 'admin', 'project:#3229': 'admin', 'billing:#3229': 'admin' } }),
    ).toEqual([]);
  });

  test('no one without rows', () => {
    expect(admins({ user: 'a@x' })).toEqual([]);
  });
});
