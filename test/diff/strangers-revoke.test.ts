import { describe, expect, test } from 'vitest';
import type { AccountSpec } from '../support/account-builder.ts';
import type { PolicySpec } from '../support/policy-builder.ts';
import { causeText, changeOf, smallWorld, unmanageableText, withheldText } from '../support/small-world.ts';

const REVOKE: PolicySpec = { strangers: 'revoke', grants: [{ to: 'ann@example.com', resource: 'project:#999' }] };
const plan = (policy: PolicySpec, accesses: AccountSpec['accesses']) =>
  smallWorld({ ...REVOKE, ...policy }, { accesses: accesses ?? [] }).plan;

describe('strangers: revoke', () => {
  test('takes the rows of users and invites whom no grant names, says why, and lists them still', () => {
    const found = plan({}, [
      { access: 2, user: 'eve@example.com', rows: { 'project:#4001': 'admin', 'inbox:#5003': 'viewer' } },
      { access: 3, invite: 'mallory@example.com', rows: { 'domain:#7001': 'viewer' } },
    ]);
    expect(found.changes.map(changeOf)).toEqual([
      'eve@example.com remove inbox:#5003 10>0',
      'eve@example.com remove project:#4001 100>0',
      'mallory@example.com (invited) remove domain:#7001 10>0',
    ]);
    expect(found.changes.flatMap(({ why }) => why.map(causeText))).toEqual(Array(3).fill('stranger 9'));
    expect(found.strangers.map(({ access }) => access)).toEqual([2, 3]);
  });

  test('counts every one of them towards the limit', () => {
    const limits = { revokes: { principals: 1, percent: 100 } };
    const found = plan({ limits }, [
      { access: 2, user: 'eve@example.com', rows: { 'project:#4001': 'admin' } },
      { access: 3, user: 'fay@example.com', rows: { 'project:#4001': 'admin' } },
    ]);
    expect(found.refusals.map(({ rule }) => rule)).toEqual(['revoke-limit']);
  });

  test.each([
    ['an owner', {}, { rows: { account: 'owner' as const } }],
    ['whom nobody may update', {}, { canUpdate: false, rows: { 'project:#4001': 'admin' as const } }],
    ['the protected', { protected: ['eve@example.com'] }, { rows: { 'project:#4001': 'admin' as const } }],
    ['the ignored', { ignore: ['eve@*'] }, { rows: { 'project:#4001': 'admin' as const } }],
    [
      'who only has rows that are ignored',
      { ignore: ['project:Checkout'] },
      { rows: { 'project:#4001': 'admin' as const } },
    ],
    [
      'who is named by what lies ahead',
      { grants: [{ to: 'eve@example.com', resource: 'project:Mobile', from: '2027-01-01' }] },
      { rows: { 'project:#4001': 'admin' as const } },
    ],
  ])('leaves alone %s', (_, policy, access) => {
    expect(plan(policy, [{ access: 2, user: 'eve@example.com', ...access }]).changes).toEqual([]);
  });

  test('leaves a token alone, and what nobody documents', () => {
    const found = plan({}, [
      { access: 2, token: { id: 55, name: 'ci' }, rows: { 'project:#4001': 'admin' } },
      { access: 3, user: 'eve@example.com', rows: { 'project:#4001': 77, 'project:#4002': 'viewer' } },
    ]);
    expect(found.changes.map(changeOf)).toEqual(['eve@example.com remove project:#4002 10>0']);
    expect(found.unmanageable.map(unmanageableText)).toEqual(['excess project:#4001 77/0: level']);
  });

  test('waits where a name in `manage` fits nothing', () => {
    const found = plan({ manage: ['project:Gone', 'domain:example.com'] }, [
      { access: 2, user: 'eve@example.com', rows: { 'project:#4001': 'admin', 'domain:#7001': 'viewer' } },
    ]);
    expect(found.changes.map(changeOf)).toEqual(['eve@example.com remove domain:#7001 10>0']);
    expect(found.withheld.map(withheldText)).toEqual([]);
  });

  test('report takes nothing', () => {
    const found = plan({ strangers: 'report' }, [
      { access: 2, user: 'eve@example.com', rows: { 'project:#4001': 'admin' } },
    ]);
    expect(found.changes).toEqual([]);
    expect(found.strangers).toHaveLength(1);
  });
});
