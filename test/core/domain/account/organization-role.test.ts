import { expect, it } from 'vitest';
import { organizationRole } from '../../../../src/core/domain/account/organization-role.ts';

const row = (id: number, level: number, type: 'organization' | 'account' = 'organization') => ({ type, id, level });

it.each([
  ['the highest of several', [row(7, 10), row(8, 100), row(9, 50)], row(8, 100)],
  ['the first of two alike', [row(7, 10), row(8, 10)], row(7, 10)],
  ['one of a level that nobody documents', [row(7, 2000)], row(7, 2000)],
  ['none on the account', [row(3229, 100, 'account')], null],
  ['none of an owner, who owns the account', [row(7, 1000)], null],
  ['none of a level that gives nothing', [row(7, 1), row(8, 0)], null],
])('a role in the organization is %s', (_, rows, role) => {
  expect(organizationRole(rows)).toEqual(role);
});
