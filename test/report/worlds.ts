import { type AccountSpec, listed } from '../support/account-builder.ts';
import type { PolicySpec } from '../support/policy-builder.ts';
import { type SmallWorld, smallWorld } from '../support/small-world.ts';

/** A policy with something of everything that a plan can say. */
export const BUSY_POLICY: PolicySpec = {
  groups: { qa: ['ann@example.com', 'bob@example.com'], leads: ['carol@example.com', 'group:qa'] },
  ends: { 'bob@example.com': '2026-11-01' },
  tokens: { ci: { access: 5142, token: 2496915 } },
  roles: {
    tester: [
      ['project:Checkout', 'viewer'],
      ['inbox:Checkout/Staging', 'admin'],
    ],
  },
  grants: [
    { to: 'group:qa', role: 'tester', reason: 'OPS-123' },
    {
      to: ['carol@example.com', 'token:ci'],
      resource: ['project:Mob*', 'domain:example.com'],
      level: 'admin',
      until: '2026-12-31',
    },
    { to: 'group:leads', resource: 'project:Moblie', level: 'viewer' },
    { to: 'owner@example.com', resource: 'project:Mobile', level: 'viewer' },
    { to: 'zoe@example.com', resource: 'project:Mobile', level: 'viewer' },
    { to: 'dan@example.com', resource: 'project:Mobile', level: 'viewer', from: '2026-12-01' },
    { to: ['erin@example.com', 'group:qa'], resource: 'project:Checkout', level: 'viewer' },
    { to: 'erin@example.com', resource: 'account', level: 'admin', reason: 'on call' },
  ],
};

/** The account that `BUSY_POLICY` meets. */
export const BUSY_ACCOUNT: AccountSpec = {
  accesses: [
    { access: 1, user: 'owner@example.com', rows: { account: 'owner' } },
    { access: 2, user: 'Ann@example.com', rows: { 'project:#4001': 'admin' } },
    { access: 3, user: 'bob@example.com', rows: { 'project:#4001': 'viewer', 'project:#4002': 'viewer' } },
    {
      access: 4,
      user: 'carol@example.com',
      rows: { 'project:#4002': 'admin', 'inbox:#5003': 'viewer', 'inbox:#5001': 'admin' },
    },
    { access: 5, user: 'zed@example.com', rows: { 'inbox:#5003': 'viewer', 'project:#4002': 'admin' } },
    { access: 6, invite: 'idle@example.com' },
    { access: 7, user: 'gina@example.com', rows: { 'project:#4001': 50, 'billing:#3229': 'admin' } },
    { access: 8, user: 'erin@example.com', rows: { 'project:#4001': 'admin', 'billing:#3229': 'admin' } },
  ],
  apiTokens: [
    { id: 2496915, name: 'ci token', rows: {} },
    { id: 77, name: 'backup', rows: { account: 'admin' }, expiresAt: '2027-01-01T00:00:00Z' },
  ],
};

export function busyWorld(policy: PolicySpec = {}, account: AccountSpec = {}): SmallWorld {
  return smallWorld({ ...BUSY_POLICY, ...policy }, { ...BUSY_ACCOUNT, ...account });
}

/** A name that would act on a terminal, a Markdown page and whoever reads it. */
export const HOSTILE = 'x|y`z<img src=q>@admins #7\u001b[31m\u202e';

/** Hostile names in every place where a name can stand. */
export function hostileWorld(): SmallWorld {
  return smallWorld(
    {
      file: `${HOSTILE}.yaml`,
      groups: { [HOSTILE]: [`${HOSTILE}@example.com`] },
      roles: { [HOSTILE]: [[`project:${HOSTILE}`, 'admin']] },
      grants: [
        { to: `group:${HOSTILE}`, role: HOSTILE, reason: HOSTILE },
        { to: `gone${HOSTILE}@example.com`, resource: `project:${HOSTILE}` },
        { to: `later${HOSTILE}@example.com`, resource: `project:${HOSTILE}`, from: '2027-01-01' },
        { to: `odd${HOSTILE}@example.com`, resource: `domain:${HOSTILE}` },
      ],
    },
    {
      tree: [listed('account', 3229, 'Account', [listed('project', 1, HOSTILE), listed('project', 2, `${HOSTILE}2`)])],
      accesses: [
        { access: 2, user: `${HOSTILE}@example.com`, rows: { 'project:#2': 'viewer' } },
        { access: 3, user: `unlisted${HOSTILE}`, rows: { 'project:#2': 'viewer' } },
        { access: 4, user: `odd${HOSTILE}@example.com`, rows: { 'project:#2': 'viewer' } },
        { access: 5, invite: `idle${HOSTILE}` },
        { access: 6, user: 'own@example.com', rows: { 'domain:#9': 'viewer' } },
      ],
    },
  );
}
