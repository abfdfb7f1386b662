import { expect, test } from 'vitest';
import { isSameEverywhere } from '../../../src/core/domain/answer/comparison.ts';
import { type AccountSpec, OWN_TOKEN, SMALL_TREE } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { deferredText, unmanageableText } from '../../support/small-world.ts';
import { causeTexts, compared, shiftTexts, silentTexts, statusTexts } from './compared.ts';

const ANN = 'ann@example.com';

/** Ann and Bob hold more than any policy says, which is no policy's doing; Zoe is in none. */
const ACCOUNT: AccountSpec = {
  accesses: [
    { access: 1, user: 'owner@example.com', rows: { account: 'owner' } },
    { access: 2, user: 'Ann@example.com', rows: { 'project:#4002': 'admin' } },
    { access: 3, user: 'bob@example.com', rows: { 'project:#4001': 'admin', 'domain:#999': 'viewer' } },
    { access: 4, user: 'zoe@example.com', rows: { 'project:#4001': 'viewer' } },
  ],
  apiTokens: [OWN_TOKEN, { id: 77, name: 'pipeline', rows: { 'project:#4002': 'viewer' } }],
};

function onAccount(old: PolicySpec, next: PolicySpec, account: AccountSpec = ACCOUNT) {
  return compared(old, next, { account });
}

test('drift is nobody’s doing: the account is as the old policy says, and only what the new one changes is told', () => {
  const old: PolicySpec = { grants: [{ to: ANN, resource: 'project:Checkout', level: 'viewer' }] };
  const next: PolicySpec = { grants: [{ to: ANN, resource: 'project:*', level: 'viewer', reason: 'OPS-1' }] };
  const comparison = onAccount(old, next);
  expect(shiftTexts(comparison)).toEqual(['given Ann@example.com project:Mobile none → viewer +1']);
  expect(causeTexts(comparison.shifts[0]?.now ?? [])).toEqual(['grant new.yaml:51 viewer']);
  expect(comparison.shifts[0]).toMatchObject({
    access: 2,
    name: { email: ANN },
    resource: { id: { type: 'project', id: 4002 }, except: [] },
  });
  expect(isSameEverywhere(onAccount(old, old))).toBe(true);
});

test('a loss is told with what gave it and what is left, and a larger one below on its own', () => {
  const old: PolicySpec = {
    grants: [
      { to: ANN, resource: 'account', level: 'viewer' },
      { to: ANN, resource: 'inbox:Checkout/QA', level: 'admin' },
    ],
  };
  const next: PolicySpec = {
    grants: [
      { to: ANN, resource: 'project:Mobile', level: 'viewer' },
      { to: ANN, resource: 'project:Checkout', level: 'viewer', until: '2026-11-01' },
    ],
  };
  const comparison = onAccount(old, next);
  expect(shiftTexts(comparison)).toEqual([
    'taken Ann@example.com account viewer → none +3',
    'taken Ann@example.com inbox:Checkout/QA admin → none',
  ]);
  const [account, inbox] = comparison.shifts;
  expect([causeTexts(account?.was ?? []), causeTexts(account?.now ?? [])]).toEqual([['grant old.yaml:51 viewer'], []]);
  expect(causeTexts(inbox?.was ?? [])).toEqual(['grant old.yaml:51 viewer', 'grant old.yaml:52 admin']);
  expect(causeTexts(inbox?.now ?? [])).toEqual(['ended new.yaml:52 viewer']);
});

test('a grant that gives both a resource and more below it is one reason, by the most that it gives', () => {
  const roles = {
    tester: [
      ['project:Checkout', 'viewer'],
      ['inbox:Checkout/QA', 'admin'],
    ],
  } as const;
  const next: PolicySpec = {
    roles,
    grants: [
      { to: ANN, role: 'tester' },
      { to: ANN, resource: 'inbox:Checkout/*' },
    ],
  };
  const comparison = onAccount(
    { grants: [{ to: ANN, resource: 'domain:example.com' }] },
    { ...next, mode: 'additive' },
  );
  expect(shiftTexts(comparison)).toEqual([
    'new-admin Ann@example.com inbox:Checkout/QA none → admin',
    'given Ann@example.com project:Checkout none → viewer +1',
  ]);
  expect(causeTexts(comparison.shifts[0]?.now ?? [])).toEqual(['grant new.yaml:51 admin']);
  const gone = onAccount(next, { grants: [{ to: ANN, resource: 'domain:example.com' }] });
  expect(causeTexts(gone.shifts[0]?.was ?? [])).toEqual(['grant old.yaml:51 admin', 'grant old.yaml:52 viewer']);
});

test('a gain of the account takes in what is held below it, and says how much that is', () => {
  const old: PolicySpec = { grants: [{ to: ANN, resource: 'project:Checkout', level: 'viewer' }] };
  const next: PolicySpec = { grants: [{ to: ANN, resource: 'account', level: 'admin' }] };
  expect(shiftTexts(onAccount(old, next))).toEqual(['new-account-admin Ann@example.com account none → admin +6']);
});

test('words without effect here, and people who are not here, are told', () => {
  const next: PolicySpec = {
    mode: 'additive',
    grants: [
      { to: ANN, resource: ['project:Checkout', 'project:New *'] },
      { to: 'nina@example.com', resource: 'project:Checkout', until: '2026-12-31' },
    ],
  };
  const comparison = onAccount({ mode: 'additive', grants: [{ to: ANN, resource: 'domain:example.com' }] }, next);
  expect(shiftTexts(comparison)).toEqual(['given Ann@example.com project:Checkout none → viewer +2']);
  expect(silentTexts(comparison)).toEqual([
    'additive ann@example.com domain:example.com viewer → none',
    'without-effect ann@example.com project:New * none → viewer',
    'absent nina@example.com project:Checkout none → viewer until 2027-01-01T00:00:00Z',
  ]);
  expect(statusTexts(comparison)).toEqual(['nina@example.com not-in-policy → named: added-to ()']);
});

test('unlisted principals lose by a policy that says so, each by their own rows', () => {
  const old: PolicySpec = { grants: [{ to: ANN, resource: 'project:Checkout' }] };
  expect(shiftTexts(onAccount(old, { ...old, unlisted: 'revoke' }))).toEqual([
    'taken bob@example.com project:Checkout admin → none +2',
    'taken zoe@example.com project:Checkout viewer → none +2',
  ]);
});

test('a token is told by what is read of it, also where nothing proves its ids yet', () => {
  const tokens = { ci: { access: 500, token: 77 } };
  const old: PolicySpec = { tokens, grants: [{ to: 'token:ci', resource: 'project:Checkout', level: 'admin' }] };
  const next: PolicySpec = { tokens, grants: [{ to: 'token:ci', resource: 'inbox:Checkout/QA', level: 'admin' }] };
  const comparison = onAccount(old, next);
  expect(shiftTexts(comparison)).toEqual(['taken token:ci project:Checkout admin → none +1']);
  const less = onAccount(old, { tokens, grants: [{ to: 'token:ci', resource: 'project:Checkout' }] });
  expect(shiftTexts(less)).toEqual(['taken token:ci project:Checkout admin → viewer +2']);
  expect(less.obstacles.deferred.map(deferredText)[0]).toContain('pair-unproven');
});

test('what stands in the way of the new policy alone is told: guards, doubts, what cannot be managed, notices', () => {
  const old: PolicySpec = {
    grants: [
      { to: [ANN, 'owner@example.com'], resource: 'project:Checkout' },
      { to: 'bob@example.com', resource: 'project:Gone' },
    ],
    limits: { newAdmins: 0 },
  };
  const next: PolicySpec = {
    limits: { newAdmins: 0 },
    grants: [
      { to: [ANN, 'owner@example.com'], resource: 'account', level: 'admin' },
      { to: 'bob@example.com', resource: ['project:Gone', 'inbox:Checkout/Gnoe'] },
      { to: 'owner@example.com', resource: 'billing', level: 'admin' },
      { to: ANN, resource: 'domain:gone.test' },
    ],
  };
  const { obstacles } = onAccount(old, next, {
    ...ACCOUNT,
    accesses: [...(ACCOUNT.accesses ?? []), { access: 6, user: 'eve@example.com', rows: {}, canUpdate: false }],
  });
  expect(obstacles.refusals.map(({ rule }) => rule)).toEqual(['admin-limit']);
  expect(obstacles.notices.map(({ code, message }) => `${code} ${message.split(' ')[0]}`)).toEqual([
    'unresolved-name inbox:Checkout/Gnoe',
    'unresolved-name domain:gone.test',
  ]);
  expect(obstacles.deferred.map(deferredText)).toEqual([]);
  expect(obstacles.unmanageable.map(unmanageableText)).toEqual(['missing billing:#3229 0/100: owner']);
});

test('what a limit for gains holds is compared all the same, and the refusal is an obstacle', () => {
  const limits = { gains: { principals: 1, percent: null } };
  const kept = { to: 'bob@example.com', resource: 'project:Checkout', level: 'admin' as const };
  const old: PolicySpec = { limits, grants: [kept] };
  const given = { to: [ANN, 'zoe@example.com'], resource: 'domain:example.com' };
  const comparison = onAccount(old, { limits, grants: [kept, given] });
  expect(shiftTexts(comparison).filter((text) => text.startsWith('given'))).toEqual([
    'given Ann@example.com domain:example.com none → viewer',
    'given zoe@example.com domain:example.com none → viewer',
  ]);
  expect(comparison.obstacles.refusals.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([
    'gain-limit: 2 would gain access: ann@example.com, zoe@example.com. The limit is 1',
  ]);
});

test('a name that stands for none defers what it did not before', () => {
  const old: PolicySpec = { grants: [{ to: ANN, resource: 'project:Checkout', level: 'viewer' }] };
  const next: PolicySpec = { grants: [{ to: ANN, resource: 'project:Chekout', level: 'viewer' }] };
  const comparison = onAccount(old, next);
  expect(shiftTexts(comparison)).toEqual([]);
  expect(comparison.obstacles.deferred.map(deferredText)).toEqual([
    'remove project:#4001 10>0: unresolved-name project:Chekout',
  ]);
  expect(silentTexts(comparison)).toEqual([
    'without-effect ann@example.com project:Checkout viewer → none',
    'without-effect ann@example.com project:Chekout none → viewer',
  ]);
});

test('tokens that were not read change nothing, and an account that shows no account node is compared too', () => {
  const old: PolicySpec = { grants: [{ to: ANN, resource: 'project:Checkout', level: 'viewer' }] };
  const tree = SMALL_TREE.flatMap(({ children }) => children);
  const { accesses = [] } = ACCOUNT;
  const comparison = onAccount(old, { grants: [{ to: ANN, resource: 'project:Mobile' }] }, { tree, accesses });
  expect(shiftTexts(comparison)).toEqual([
    'taken Ann@example.com project:Checkout viewer → none +2',
    'given Ann@example.com project:Mobile none → viewer +1',
  ]);
});
