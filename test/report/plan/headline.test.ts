import { expect, test } from 'vitest';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { leftBehindSentence, leftBehindText, verdictText } from '../../../src/report/plan/headline.ts';
import { renderPlanMarkdown } from '../../../src/report/plan/markdown.ts';
import { renderPlanText } from '../../../src/report/plan/text.ts';
import type { AccessSpec } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { smallWorld } from '../../support/small-world.ts';

const VIEWER = { 'project:#4001': 'viewer' } as const;
const ANN: AccessSpec = { access: 2, user: 'ann@example.com', rows: VIEWER };
const EVE: AccessSpec = { access: 3, user: 'eve@example.com', rows: VIEWER };
const MALLORY: AccessSpec = { access: 4, invite: 'mallory@example.org', rows: { ...VIEWER, 'domain:#7001': 'admin' } };
const TO_ANN = { to: 'ann@example.com', resource: 'project:Checkout' };

const planOf = (policy: PolicySpec, ...accesses: readonly AccessSpec[]) =>
  smallWorld({ grants: [TO_ANN], ...policy }, { accesses }).plan;

test('the account is as the policy says, if no one keeps access without being listed', () => {
  expect(verdictText(planOf({}, ANN))).toBe('Nothing to change: the account is as the policy says.');
});

test('otherwise it is so for those that the policy lists, and the others are counted', () => {
  expect(verdictText(planOf({}, ANN, EVE))).toBe(
    'Nothing to change: the account is as the policy says for the 1 principal that it lists; 1 other keeps 1 row (unlisted: keep).',
  );
  expect(verdictText(planOf({ unlisted: ['*@example.net'] }, ANN, EVE, MALLORY))).toBe(
    'Nothing to change: the account is as the policy says for the 1 principal that it lists; 2 others keep 3 rows (no pattern of `unlisted` fits them).',
  );
});

test('roles in the organization are said, because they reach the whole account', () => {
  const boss: AccessSpec = { access: 5, user: 'boss@example.com', rows: { 'organization:#7': 'admin' } };
  const eye: AccessSpec = { access: 6, user: 'eye@example.com', rows: { 'organization:#7': 'viewer' } };
  expect(verdictText(planOf({}, ANN, boss))).toBe(
    'Nothing to change: the account is as the policy says, but for 1 role in the organization.',
  );
  expect(verdictText(planOf({}, ANN, boss, eye, EVE))).toBe(
    'Nothing to change: the account is as the policy says for the 1 principal that it lists, but for 2 roles in the organization; 1 other keeps 1 row (unlisted: keep).',
  );
});

test('a policy that lists no one says so', () => {
  expect(verdictText(planOf({ grants: [] }, EVE, MALLORY))).toBe(
    'Nothing to change: the policy lists no one in the account; 2 people whom no grant names keep 3 rows (unlisted: keep).',
  );
});

test('what is deferred, unmanageable or absent does not hide them', () => {
  const left = '1 person whom no grant names keeps 1 row (unlisted: keep).';
  expect(verdictText(planOf({}, EVE))).toBe(`Nothing to change; 1 name not in the account; ${left}`);
  const lower = [{ ...TO_ANN, resource: 'project:Gone' }];
  expect(verdictText(planOf({ grants: lower }, ANN, EVE))).toBe(
    'Deferred: 1 change waits, nothing is written. 1 name matches no resource, or several.',
  );
  const owned: AccessSpec = { access: 2, user: 'ann@example.com', rows: { 'project:#4001': 50 } };
  expect(verdictText(planOf({}, owned, EVE))).toBe(`Nothing to change; 1 row cannot be managed; ${left}`);
});

test('mode additive takes nothing from anyone, so its verdict counts no one', () => {
  const plan = planOf({ mode: 'additive' }, ANN, EVE);
  expect(verdictText(plan)).toBe('Nothing to add: every grant is in place.');
  expect([leftBehindText({ ...plan, ...plan.counts }), plan.counts.leftBehind.principals]).toEqual([null, 1]);
});

test('mode additive without a grant, or where none has begun, says so, and no grant is said to be in place', () => {
  const none = 'Nothing to add: no grant that has begun reaches anyone in the account.';
  expect(verdictText(planOf({ mode: 'additive', grants: [] }, ANN))).toBe(none);
  const ahead = [{ ...TO_ANN, from: '2999-01-01' }];
  expect(verdictText(planOf({ mode: 'additive', grants: ahead }, ANN))).toBe(none);
});

test('what is observed is in the verdict, and no account is said to be as the policy says meanwhile', () => {
  const observe = ['ann@*'];
  const idle: AccessSpec = { access: 2, user: 'ann@example.com' };
  expect(verdictText(planOf({ observe }, idle))).toBe(
    'Nothing to write; 1 change of what `observe` lists is never written.',
  );
  expect(verdictText(planOf({ observe: ['ann@*', 'eve@*'], unlisted: 'revoke' }, idle, EVE))).toBe(
    'Nothing to write; 2 changes of what `observe` lists are never written.',
  );
  expect(verdictText(planOf({ observe: ['eve@*'], unlisted: 'revoke' }, idle, EVE))).toBe(
    '1 change may be written. 1 change of what `observe` lists is never written.',
  );
});

test('a plan with changes has them in a sentence of its own', () => {
  const idle: AccessSpec = { access: 2, user: 'ann@example.com' };
  expect(leftBehindSentence(planOf({}, idle, EVE))).toEqual([
    '1 person whom no grant names keeps 1 row (unlisted: keep).',
  ]);
  expect(leftBehindSentence(planOf({}, idle))).toEqual([]);
  expect(leftBehindSentence(planOf({}, ANN, EVE))).toEqual([]);
});

test('with patterns, the lists say whose loss is only observed', () => {
  const plan = planOf({ unlisted: ['*@example.com'], observe: ['eve@*'] }, ANN, EVE, MALLORY);
  expect(renderPlanMarkdown(plan)).toMatch(/^- .*eve.*observed: .*viewer/m);
  expect(renderPlanText(plan, PLAIN, { isWhole: true })).toMatch(
    /^ {2}eve@example\.com +observed +project:Checkout viewer$/m,
  );
  expect(renderPlanText(plan, PLAIN, { isWhole: true })).toMatch(/^ {2}mallory@example\.org \(invited\) +keeps /m);
});

test('with patterns, the comment says who of the unlisted keeps and who loses access', () => {
  const comment = renderPlanMarkdown(planOf({ unlisted: ['eve@*'] }, ANN, EVE, MALLORY));
  expect(comment).toMatch(/^- <?.*eve.*loses: .*viewer$/m);
  expect(comment).toMatch(/^- <?.*mallory.*keeps: .*admin/m);
});
