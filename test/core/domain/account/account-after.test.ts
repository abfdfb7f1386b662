import { describe, expect, test } from 'vitest';
import { accountAfter, rowsAfter } from '../../../../src/core/domain/account/account-after.ts';
import type { Principal } from '../../../../src/core/domain/account/principal.ts';
import type { ResourceType } from '../../../../src/core/domain/account/resource.ts';
import type { Change } from '../../../../src/core/domain/plan/plan.ts';
import { buildAccount } from '../../../support/account-builder.ts';

interface Write {
  readonly access: number;
  readonly token?: number;
  readonly on: readonly [ResourceType, number];
  readonly after: number;
}

function change({ access, token, on: [type, id], after }: Write): Change {
  const principal: Principal =
    token === undefined ? { kind: 'user', email: `${access}@x` } : { kind: 'token', name: `t${token}`, tokenId: token };
  return { kind: 'raise', principal, access, resource: { type, id, label: 'its words' }, before: 0, after, why: [] };
}

const ACTUAL = buildAccount({
  accesses: [
    { access: 1, user: '1@x', rows: { 'project:#4001': 'viewer', 'inbox:#5003': 'admin' }, canUpdate: false },
    { access: 2, user: '2@x', rows: { 'project:#4001': 'viewer' } },
  ],
  apiTokens: [
    { id: 10, name: 't10', rows: { 'project:#4002': 'viewer' }, isOwnToken: true },
    { id: 20, name: 't20', rows: { 'project:#4002': 'viewer' } },
  ],
});

describe('after a plan was written', () => {
  const after = accountAfter(ACTUAL, [
    change({ access: 1, on: ['project', 4001], after: 100 }),
    change({ access: 1, on: ['inbox', 5003], after: 0 }),
    change({ access: 9, token: 20, on: ['project', 4002], after: 100 }),
    change({ access: 9, token: 20, on: ['domain', 7001], after: 10 }),
  ]);

  test('only the written access gets the written rows', () => {
    expect(after.accesses).toEqual([
      { ...ACTUAL.accesses[0], rows: [{ type: 'project', id: 4001, level: 100 }] },
      ACTUAL.accesses[1],
    ]);
  });

  test('a token gets its rows by its own id, because no list may contain its account access', () => {
    expect(after.apiTokens).toEqual([
      ACTUAL.apiTokens?.[0],
      {
        ...ACTUAL.apiTokens?.[1],
        rows: [
          { type: 'project', id: 4002, level: 100 },
          { type: 'domain', id: 7001, level: 10 },
        ],
      },
    ]);
  });

  test('the account is still itself', () => {
    expect([after.account, after.tree]).toEqual([3229, ACTUAL.tree]);
  });

  test('tokens that were not read are not known', () => {
    const unread = { ...ACTUAL, apiTokens: null };
    expect(accountAfter(unread, [change({ access: 9, token: 20, on: ['project', 4002], after: 100 })]).apiTokens).toBe(
      null,
    );
  });
});

describe('the rows of one access after its changes', () => {
  const rows = [
    { type: 'project', id: 1, level: 10 },
    { type: 'domain', id: 1, level: 50 },
  ] as const;

  test('are what they were without any', () => {
    expect(rowsAfter(rows, [])).toEqual(rows);
  });

  test('lack the row that was removed, and not the one of another type with that id', () => {
    expect(rowsAfter(rows, [change({ access: 1, on: ['project', 1], after: 0 })])).toEqual([rows[1]]);
  });

  test('contain a raised row once', () => {
    expect(rowsAfter(rows, [change({ access: 1, on: ['project', 1], after: 100 })])).toEqual([
      rows[1],
      { type: 'project', id: 1, level: 100 },
    ]);
  });
});
