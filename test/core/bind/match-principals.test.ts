import { describe, expect, test } from 'vitest';
import { indexPrincipals } from '../../../src/core/bind/match-principals.ts';
import type { AccessSpec, AccountSpec } from '../../support/account-builder.ts';
import { buildAccount } from '../../support/account-builder.ts';
import { buildPolicy } from '../../support/policy-builder.ts';

const VIEWER = { 'project:#4001': 'viewer' } as const;

function people(accesses: readonly AccessSpec[], email = 'ann@x') {
  return indexPrincipals(buildAccount({ accesses }), [])
    .match({ email })
    .map(({ access, excluded, unproven }) => ({ access: access.access, excluded, unproven }));
}

/** The token `ci`, declared as access 500 and token 900. */
function token(account: AccountSpec) {
  const { tokens } = buildPolicy({ tokens: { other: { access: 1, token: 2 }, ci: { access: 500, token: 900 } } });
  const found = indexPrincipals(buildAccount(account), tokens).match({ token: 'ci' });
  expect(found).toHaveLength(1);
  return found[0];
}

describe('a person is matched', () => {
  test('by e-mail, folded, in the order of the accesses', () => {
    const accesses = [
      { access: 30, user: 'ANN@x' },
      { access: 4, invite: 'ann@X' },
      { access: 1, user: 'bob@x' },
    ];
    expect(people(accesses).map(({ access }) => access)).toEqual([4, 30]);
  });

  test('never by a token’s name', () => {
    expect(people([{ access: 1, token: { id: 1, name: 'ann@x' } }])).toEqual([]);
  });

  test('by nothing, if no one has the e-mail', () => {
    expect(people([])).toEqual([]);
  });

  test('by ASCII alone', () => {
    expect(people([{ access: 1, user: '\u0130nan@x' }], 'inan@x')).toEqual([]);
    expect(people([{ access: 1, user: '\u0131nan@x' }], 'inan@x')).toEqual([]);
    expect(people([{ access: 1, user: '\uff4bim@x' }], 'kim@x')).toEqual([]);
  });

  test('in NFC, in which the Kelvin sign is a K and an accent belongs to its letter', () => {
    expect(people([{ access: 1, user: '\u212Aim@x' }], 'kim@x').map(({ access }) => access)).toEqual([1]);
    expect(people([{ access: 1, user: 'jose\u0301@x' }], 'jos\u00e9@x').map(({ access }) => access)).toEqual([1]);
  });

  test('with the same domain in Unicode and in ASCII', () => {
    const accesses = [
      { access: 1, user: 'ann@xn--exmple-cua.com' },
      { access: 2, invite: 'ann@EX\u00c4MPLE.com' },
      { access: 3, user: 'ann@example.com' },
    ];
    expect(people(accesses, 'ann@ex\u00e4mple.com').map(({ access }) => access)).toEqual([1, 2]);
  });

  test.each<[excluded: string | null, access: Partial<AccessSpec>]>([
    [null, {}],
    [null, { rows: { account: 'admin' } }],
    ['owner', { rows: { ...VIEWER, account: 'owner' } }],
    ['owner', { rows: { 'organization:#7': 'owner' }, canUpdate: false }],
    ['cannot-update', { canUpdate: false }],
    ['own-token', { isOwnToken: true, canUpdate: false, rows: { account: 'owner' } }],
  ])('and excluded as %s', (excluded, access) => {
    expect(people([{ access: 1, user: 'ann@x', ...access }])).toEqual([{ access: 1, excluded, unproven: false }]);
  });
});

describe('a declared token', () => {
  const apiTokens = [
    { id: 1, name: 'other', rows: { account: 'admin' } },
    { id: 900, name: 'its own name', rows: VIEWER },
  ] as const;

  test('has the access that the policy declares, the policy’s name, and the rows of its entry', () => {
    expect(token({ apiTokens })).toMatchObject({
      access: {
        access: 500,
        principal: { kind: 'token', name: 'ci', tokenId: 900 },
        rows: [{ type: 'project', id: 4001, level: 10 }],
        canUpdate: true,
        isOwnToken: false,
      },
      excluded: null,
      unproven: true,
    });
  });

  test('is unproven until the list shows its access as this token', () => {
    const listed = { access: 500, token: { id: 900, name: 'x' } };
    expect(token({ apiTokens, accesses: [listed] })).toMatchObject({ excluded: null, unproven: false });
    expect(token({ apiTokens, accesses: [{ access: 3, user: 'a@x' }] })).toMatchObject({
      excluded: null,
      unproven: true,
    });
  });

  test('belongs to someone else if the list shows its access as a user, an invite or another token', () => {
    for (const who of [{ user: 'a@x' }, { invite: 'a@x' }, { token: { id: 901, name: 'x' } }]) {
      expect(token({ apiTokens, accesses: [{ access: 500, ...who }] })).toMatchObject({
        excluded: 'access-of-someone-else',
        unproven: true,
      });
    }
  });

  test('belongs to someone else if the list shows it under another access', () => {
    const accesses = [{ access: 501, token: { id: 900, name: 'x' } }];
    expect(token({ apiTokens, accesses })?.excluded).toBe('access-of-someone-else');
    expect(token({ accesses })?.excluded).toBe('access-of-someone-else');
  });

  test('does not belong to someone else because of another token under another access', () => {
    const accesses = [{ access: 501, token: { id: 901, name: 'x' } }];
    expect(token({ apiTokens, accesses })?.excluded).toBeNull();
  });

  test('has unreadable rows where no entry is its own, or the tokens were not read', () => {
    for (const account of [{}, { apiTokens: [] }, { apiTokens: apiTokens.slice(0, 1) }]) {
      expect(token(account)).toMatchObject({ excluded: 'rows-unreadable', access: { rows: [] } });
    }
  });

  test('is the own token where the list of accesses or its entry says so', () => {
    const [, entry] = apiTokens;
    expect(token({ apiTokens: [{ ...entry, isOwnToken: true }] })?.excluded).toBe('own-token');
    const accesses = [{ access: 500, token: { id: 900, name: 'x' }, isOwnToken: true }];
    expect(token({ apiTokens, accesses })?.excluded).toBe('own-token');
  });

  test('cannot be updated where the list says so', () => {
    const accesses = [{ access: 500, token: { id: 900, name: 'x' }, canUpdate: false }];
    expect(token({ apiTokens, accesses })?.excluded).toBe('cannot-update');
  });

  test('is an owner if its entry has such a row', () => {
    expect(token({ apiTokens: [{ id: 900, name: 'x', rows: { account: 'owner' } }] })?.excluded).toBe('owner');
  });
});

test('a token that the policy does not declare is matched by nothing', () => {
  expect(indexPrincipals(buildAccount({}), []).match({ token: 'ci' })).toEqual([]);
});
