import { expect, test } from 'vitest';
import type { Change } from '../../../src/core/domain/plan/plan.ts';
import { OWN_TOKEN } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { smallWorld, told } from '../../support/small-world.ts';

const KIM = 'kim@example.com';
const ACCESSES = [
  { access: 2, user: KIM, rows: { account: 'admin' } },
  { access: 3, user: 'ann@example.com', rows: { account: 'admin' } },
] as const;
const INBOX = { to: KIM, resource: 'inbox:Checkout/QA', level: 'viewer' } as const;

const planOf = (policy: PolicySpec) => smallWorld(policy, { accesses: ACCESSES }).plan;
const noticed = (policy: PolicySpec) => told(planOf(policy).notices, 'named-with-less');

test('an account admin whom one grant names with less loses account admin, and the plan says so first (case G20)', () => {
  const plan = planOf({ grants: [INBOX] });
  expect(plan.changes.map(({ resource, after }: Change) => [resource.label, after])).toContainEqual(['account', 0]);
  expect(plan.notices[0]).toEqual({
    code: 'named-with-less',
    message:
      'kim@example.com is account admin, and only this grant names them, with viewer on inbox:Checkout/QA: a named principal is made exact, so they lose account admin',
    remedy:
      'to let them keep it, grant them admin on account, or list them under `protected`; to leave all their access alone, remove them from the grant',
    at: expect.objectContaining({ file: 'policy.yaml', line: 51 }),
  });
});

test('several grants are counted, and three of what they give are named', () => {
  const more = { to: KIM, resource: ['billing', 'project:Checkout', 'project:Mobile'], level: 'viewer' } as const;
  expect(noticed({ grants: [INBOX, more] })).toEqual([
    'kim@example.com is account admin, and only 2 grants name them, with viewer on inbox:Checkout/QA, viewer on billing, viewer on project:Checkout and 1 more: a named principal is made exact, so they lose account admin',
  ]);
});

test('a grant that lowers them to viewer of the account is one of these', () => {
  expect(noticed({ grants: [{ to: KIM, resource: 'account', level: 'viewer' }] })).toHaveLength(1);
});

test('a token that no grant would touch is one of these', () => {
  const world = smallWorld(
    {
      tokens: { ci: { access: 5142, token: 2496915 } },
      grants: [{ to: 'token:ci', resource: ['inbox:Checkout/QA', 'account'], level: 'viewer' }],
    },
    { apiTokens: [OWN_TOKEN, { id: 2496915, name: 'ci token', rows: { account: 'admin' } }], accesses: ACCESSES },
  );
  const [notice, ...others] = world.plan.notices.filter(({ code }) => code === 'named-with-less');
  expect(notice?.message).toMatch(/^token:ci is account admin, and only this grant names them/);
  expect(notice?.remedy).not.toContain('protected');
  expect(others).toEqual([]);
});

test.each<[why: string, policy: PolicySpec]>([
  ['they would lose it unnamed, too', { unlisted: 'revoke', grants: [INBOX] }],
  ['their `ends` has come', { grants: [INBOX], ends: { [KIM]: '2026-11-01' } }],
  [
    'the grant that gave it has ended',
    { grants: [INBOX, { to: KIM, resource: 'account', level: 'admin', until: '2026-11-01' }] },
  ],
  ['they keep it', { grants: [INBOX, { to: KIM, resource: 'account', level: 'admin' }] }],
  ['they are protected', { protected: [KIM], grants: [INBOX] }],
  ['nothing is taken', { mode: 'additive', grants: [INBOX] }],
  ['no grant names them', { grants: [{ ...INBOX, to: 'ann@example.com' }] }],
])('kim is not named by a notice where %s', (_why, policy) => {
  expect(noticed(policy).filter((message) => message.startsWith(KIM))).toEqual([]);
});
