import { expect, test } from 'vitest';
import {
  emailHash,
  emailHashOf,
  firstRemembered,
  isAccountAdmin,
  rowsHash,
} from '../../../../src/core/domain/account/remembered-access.ts';

const PROJECT = { type: 'project', id: 1, level: 10 } as const;
const INBOX = { type: 'inbox', id: 1, level: 100 } as const;

test('an e-mail is known by eight bytes, whatever its spelling', () => {
  expect(emailHash('ann@example.com')).toMatch(/^[0-9a-f]{16}$/);
  expect(emailHash('Ann@EXAMPLE.com')).toBe(emailHash('ann@example.com'));
  expect(emailHash('bob@example.com')).not.toBe(emailHash('ann@example.com'));
});

test('a token has no e-mail', () => {
  expect(emailHashOf({ principal: { kind: 'token', name: 'ci', tokenId: 1 } })).toBe(null);
  expect(emailHashOf({ principal: { kind: 'invite', email: 'ann@example.com' } })).toBe(emailHash('ann@example.com'));
});

test('rows are known by eight bytes, in any order, without those that give nothing', () => {
  expect(rowsHash([PROJECT, INBOX])).toMatch(/^[0-9a-f]{16}$/);
  expect(rowsHash([INBOX, { type: 'domain', id: 3, level: 1 }, PROJECT])).toBe(rowsHash([PROJECT, INBOX]));
});

test.each([
  ['another level', [{ ...PROJECT, level: 100 }]],
  ['another id', [{ ...PROJECT, id: 2 }]],
  ['another type', [{ ...PROJECT, type: 'inbox' as const }]],
  ['no row', []],
])('%s makes other rows', (_, rows) => {
  expect(rowsHash(rows)).not.toBe(rowsHash([PROJECT]));
});

test.each([
  [true, { type: 'account', id: 3229, level: 100 }],
  [true, { type: 'organization', id: 1, level: 1000 }],
  [false, { type: 'account', id: 3229, level: 50 }],
  [false, { type: 'project', id: 1, level: 100 }],
] as const)('whether someone is account admin: %s by %o', (isAdmin, row) => {
  expect(isAccountAdmin([PROJECT, row])).toBe(isAdmin);
});

test('where some are left out, the last ones are, and it no longer remembers all', () => {
  const one = (access: number) => ({ access, emailHash: null, rowsHash: rowsHash([]), wasAccountAdmin: false });
  const memory = { remembered: new Map([9, 3, 5].map((access) => [access, one(access)])), remembersAll: true };
  expect(firstRemembered(memory, 3)).toBe(memory);
  const fewer = firstRemembered(memory, 2);
  expect([...fewer.remembered.keys()]).toEqual([9, 3]);
  expect(fewer.remembersAll).toBe(false);
});
