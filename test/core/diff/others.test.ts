import { describe, expect, test } from 'vitest';
import { principalText } from '../../../src/core/domain/account/principal.ts';
import { type AccessSpec, type AccountSpec, listed, SMALL_TREE } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { smallWorld } from '../../support/small-world.ts';

const ZED = 'zed@example.com';

/** Whether Zed, whom no grant names, is an unlisted principal, idle, or nothing of both. */
function zed(access: Omit<AccessSpec, 'access'>, policy: PolicySpec = {}, account: AccountSpec = {}): string {
  const who = { access: 9, ...(access.invite === undefined ? { user: ZED } : {}), ...access };
  const { plan } = smallWorld(policy, { ...account, accesses: [who] });
  expect(plan.changes).toEqual([]);
  return [...plan.unlisted.map(() => 'unlisted'), ...plan.idle.map(() => 'idle')].join() || 'neither';
}

const VIEWER = { 'project:#4001': 'viewer' } as const;

describe('an unlisted principal is', () => {
  test.each(['viewer', 50, 'admin'] as const)('a user with a row that the policy may write: %s', (level) => {
    expect(zed({ rows: { 'project:#4001': level } })).toBe('unlisted');
  });

  test('an invite with such a row', () => {
    expect(zed({ invite: ZED, rows: VIEWER })).toBe('unlisted');
  });

  test('whoever has one such row beside others', () => {
    expect(zed({ rows: { 'project:#77': 'viewer', 'organization:#7': 'viewer', ...VIEWER } })).toBe('unlisted');
  });

  test('whoever stands in a grant that would end before it begins', () => {
    const grants = [{ to: ZED, resource: 'account', from: '2026-12-01', until: '2026-11-01' }];
    expect(zed({ rows: VIEWER }, { grants })).toBe('unlisted');
  });
});

describe('idle is', () => {
  test('a member without any row', () => {
    expect(zed({})).toBe('idle');
    expect(zed({ invite: ZED })).toBe('idle');
  });

  test('a member whose rows are all indeterminate', () => {
    expect(zed({ rows: { 'project:#4001': 1, account: 1 } })).toBe('idle');
  });
});

describe('an unlisted principal is also', () => {
  test.each<[fact: string, policy: PolicySpec]>([
    ['who stands only in what lies ahead', { grants: [{ to: ZED, resource: 'account', from: '2027-01-01' }] }],
    ['who stands only in an `ends` that lies ahead', { ends: { [ZED]: '2027-01-01' } }],
  ])('%s', (_, policy) => {
    expect(zed({ rows: VIEWER }, policy)).toBe('unlisted');
  });
});

describe('neither unlisted principal nor idle is', () => {
  const foreign = [listed('account', 3229, 'Account', [listed('project', 4001, 'Checkout', [], 10)])];

  test.each<[fact: string, access: Omit<AccessSpec, 'access'>, policy?: PolicySpec, account?: AccountSpec]>([
    ['an owner', { rows: { account: 'owner', ...VIEWER } }],
    ['a token', { token: { id: 5, name: 'x' }, rows: VIEWER }],
    ['a token without rows', { token: { id: 5, name: 'x' } }],
    ['whoever cannot be updated', { rows: VIEWER, canUpdate: false }],
    ['the access of the own token', { rows: VIEWER, isOwnToken: true }],
    ['the protected', { rows: VIEWER }, { protected: ['Zed@Example.com'] }],
    ['the protected without rows', {}, { protected: [ZED] }],
    ['the ignored', { rows: VIEWER }, { ignore: ['z*@EXAMPLE.COM'] }],
    ['the ignored without rows', {}, { ignore: [ZED] }],
    ['who holds only what the tree does not show', { rows: { 'project:#77': 'viewer' } }],
    ['who holds only what cannot be written', { rows: { 'organization:#7': 'viewer' } }],
    ['who holds only what is ignored', { rows: VIEWER }, { ignore: ['project:Checkout'] }],
    ['who holds only what is not managed', { rows: VIEWER }, { manage: ['domain:*'] }],
    ['who holds only levels that nobody documents', { rows: { 'project:#4001': 30 } }],
    ['who holds only where the token is below admin', { rows: VIEWER }, {}, { tree: foreign }],
    [
      'who holds only an account that is not shown',
      { rows: { account: 'viewer' } },
      {},
      { tree: SMALL_TREE[0]?.children ?? [] },
    ],
  ])('%s', (_, access, policy, account) => {
    expect(zed(access, policy, account)).toBe('neither');
  });
});

test('an unlisted principal is shown with every row on what the tree shows, in the order of the words', () => {
  const rows = { 'project:#4002': 'admin', 'project:#77': 'viewer', account: 1, 'domain:#7001': 'viewer' } as const;
  const { plan } = smallWorld({}, { accesses: [{ access: 9, user: ZED, rows }] });
  expect(plan.unlisted).toMatchObject([{ access: 9, principal: { email: ZED } }]);
  expect(plan.unlisted[0]?.rows.map(({ resource, level }) => `${resource.label} ${level}`)).toEqual([
    'account 1',
    'domain:example.com 10',
    'project:Mobile 100',
  ]);
});

test('unlisted principals and idle members are listed by name, then by access', () => {
  const people = (rows: AccessSpec['rows'] = {}): readonly AccessSpec[] => [
    { access: 4, user: 'b@x', rows },
    { access: 10, user: 'a@x', rows },
    { access: 9, user: 'a@x', rows },
    { access: 1, invite: 'a@x', rows },
  ];
  const { unlisted } = smallWorld({}, { accesses: people(VIEWER) }).plan;
  expect(unlisted.map(({ access }) => access)).toEqual([9, 10, 1, 4]);
  const { idle } = smallWorld({}, { accesses: people() }).plan;
  expect(idle.map(principalText)).toEqual(['a@x', 'a@x', 'a@x (invited)', 'b@x']);
});
