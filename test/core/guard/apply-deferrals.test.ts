import { describe, expect, test } from 'vitest';
import { LEVEL } from '../../../src/core/domain/account/access-level.ts';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS, type Restraints, type SameChange } from '../../../src/core/domain/plan/restraints.ts';
import { resolvePolicy } from '../../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../../src/run/reconcile/make-plan.ts';
import { type AccountSpec, buildAccount, OWN_TOKEN } from '../../support/account-builder.ts';
import { buildPolicy, type PolicySpec } from '../../support/policy-builder.ts';
import { changeOf, deferredText, NOW, told } from '../../support/small-world.ts';

function planWith(restraints: Partial<Restraints>, policy: PolicySpec, account: AccountSpec): Plan {
  const resolved = resolvePolicy(buildPolicy(policy));
  return makePlan(resolved, buildAccount(account), NOW, { ...NO_RESTRAINTS, ...restraints }).plan;
}

const changes = (plan: Plan) => plan.changes.map(changeOf);
const deferred = (plan: Plan) => plan.deferred.map(deferredText);

const ANN_AND_BOB: AccountSpec = {
  accesses: [
    { access: 2, user: 'ann@example.com', rows: { 'inbox:#5001': 'admin' } },
    { access: 3, user: 'bob@example.com', rows: { 'project:#4002': 'admin' } },
  ],
};
const MOVES_ANN: PolicySpec = {
  grants: [
    { to: 'ann@example.com', resource: 'project:Checkout' },
    { to: 'bob@example.com', resource: 'project:Mobile' },
  ],
};
const ANNS_RAISE: SameChange = { access: 2, resource: { type: 'project', id: 4001 }, after: LEVEL.viewer };

describe('a contested change', () => {
  test('says after which moment the next run tries it, where memory knows that', () => {
    const retryAt = Date.parse('2026-11-25T04:00:00Z');
    const plan = planWith({ contested: [{ ...ANNS_RAISE, retryAt }] }, MOVES_ANN, ANN_AND_BOB);
    expect(deferred(plan)).toContain('create project:#4001 0>10: contested the first run after 2026-11-25T04:00:00Z');
  });

  test('waits, with what may stand in for it, and nobody else does', () => {
    const free = planWith({}, MOVES_ANN, ANN_AND_BOB);
    expect(changes(free)).toEqual([
      'ann@example.com create project:#4001 0>10',
      'ann@example.com remove inbox:#5001 100>0',
      'bob@example.com lower project:#4002 100>10',
    ]);
    const plan = planWith({ contested: [ANNS_RAISE] }, MOVES_ANN, ANN_AND_BOB);
    expect(changes(plan)).toEqual(['bob@example.com lower project:#4002 100>10']);
    expect(deferred(plan)).toEqual([
      'create project:#4001 0>10: contested the next daily retry',
      'remove inbox:#5001 100>0: relies-on-missing project:Checkout',
    ]);
    expect(plan.verdict).toBe('allowed');
  });

  test.each([
    ['another access', { ...ANNS_RAISE, access: 4 }],
    ['another resource', { ...ANNS_RAISE, resource: { type: 'project' as const, id: 4002 } }],
    ['another level', { ...ANNS_RAISE, after: LEVEL.admin }],
  ])('is another one with %s', (_, contested) => {
    expect(changes(planWith({ contested: [contested] }, MOVES_ANN, ANN_AND_BOB))).toHaveLength(3);
  });

  test('that takes something holds back nothing else', () => {
    const contested: SameChange = { access: 2, resource: { type: 'inbox', id: 5001 }, after: LEVEL.none };
    const plan = planWith({ contested: [contested] }, MOVES_ANN, ANN_AND_BOB);
    expect(changes(plan)).toEqual([
      'ann@example.com create project:#4001 0>10',
      'bob@example.com lower project:#4002 100>10',
    ]);
  });

  test('that takes something holds back no loss above or below it either', () => {
    const account: AccountSpec = {
      accesses: [{ access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'viewer', 'inbox:#5001': 'admin' } }],
    };
    const policy: PolicySpec = { grants: [{ to: 'ann@example.com', resource: 'project:#999' }] };
    const contested: SameChange = { access: 2, resource: { type: 'project', id: 4001 }, after: LEVEL.none };
    expect(changes(planWith({ contested: [contested] }, policy, account))).toEqual([
      'ann@example.com remove inbox:#5001 100>0',
    ]);
  });

  test('is out before guards judge: what waits counts towards no limit', () => {
    const policy = { ...MOVES_ANN, limits: { revokes: { principals: 1, percent: 100 } } };
    expect(planWith({}, policy, ANN_AND_BOB).held).toHaveLength(2);
    expect(planWith({ contested: [ANNS_RAISE] }, policy, ANN_AND_BOB).held).toEqual([]);
  });
});

describe('a token', () => {
  const token = (rows: Readonly<Record<string, 'viewer' | 'admin'>>): AccountSpec => ({
    accesses: [{ access: 2, user: 'ann@example.com' }],
    apiTokens: [OWN_TOKEN, { id: 55, name: 'ci', rows }],
  });
  const wants = (resource: string): PolicySpec => ({
    tokens: { ci: { access: 500, token: 55 } },
    grants: [{ to: 'token:ci', resource }],
  });

  test('without a proof and without a raise waits as a whole', () => {
    const plan = planWith({}, wants('project:Checkout'), token({ 'project:#4001': 'admin' }));
    expect(changes(plan)).toEqual([]);
    expect(deferred(plan)).toEqual(['lower project:#4001 100>10: pair-unproven a raise of this token']);
  });

  test('that is proved is written, and is unproven no more', () => {
    const provenPairs = [{ access: 500, tokenId: 55 }];
    const plan = planWith({ provenPairs }, wants('project:Checkout'), token({ 'project:#4001': 'admin' }));
    expect(changes(plan)).toEqual(['token:ci lower project:#4001 100>10']);
    expect(plan.unproven).toEqual([]);
    expect(told(plan.notices, 'unproven-token')).toEqual([]);
  });

  test('without a proof begins with a raise', () => {
    const plan = planWith({}, wants('project:Mobile'), token({ 'project:#4001': 'admin' }));
    expect(plan.unproven).toEqual([500]);
    expect(told(plan.notices, 'unproven-token')).toHaveLength(1);
    expect(changes(plan)).toEqual(['token:ci create project:#4002 0>10', 'token:ci remove project:#4001 100>0']);
  });

  test('whose first raise did not show is not written', () => {
    const disprovenPairs = [{ access: 500, tokenId: 55 }];
    const plan = planWith({ disprovenPairs }, wants('project:Mobile'), token({}));
    expect(changes(plan)).toEqual([]);
    expect(deferred(plan)).toEqual(['create project:#4002 0>10: pair-disproven another entry in `tokens`']);
  });

  test.each([
    { access: 501, tokenId: 55 },
    { access: 500, tokenId: 56 },
  ])('of another entry is another pair: %o', (pair) => {
    const restraints = { disprovenPairs: [pair], provenPairs: [pair] };
    const plan = planWith(restraints, wants('project:Mobile'), token({}));
    expect(changes(plan)).toHaveLength(1);
    expect(plan.unproven).toEqual([500]);
  });
});

describe('what waits', () => {
  test('stands in the order of the plan, whatever it waits for', () => {
    const policy: PolicySpec = {
      grants: [
        { to: 'bob@example.com', resource: ['project:Mobile', 'project:Gone'] },
        { to: 'ann@example.com', resource: 'project:Checkout' },
        { to: 'carol@example.com', resource: ['project:Mobile', 'project:Gone'] },
      ],
    };
    const rows = { 'project:#4001': 'admin' } as const;
    const account: AccountSpec = {
      accesses: [
        { access: 4, user: 'carol@example.com', rows },
        { access: 3, user: 'bob@example.com', rows },
        { access: 2, user: 'ann@example.com', rows: { 'inbox:#5001': 'admin' } },
      ],
    };
    const plan = planWith({ contested: [ANNS_RAISE] }, policy, account);
    expect(plan.deferred.map(({ change, reason }) => `${changeOf(change)} ${reason}`)).toEqual([
      'ann@example.com create project:#4001 0>10 contested',
      'ann@example.com remove inbox:#5001 100>0 relies-on-missing',
      'bob@example.com remove project:#4001 100>0 unresolved-name',
      'carol@example.com remove project:#4001 100>0 unresolved-name',
    ]);
  });
});

describe('a policy that stands in', () => {
  const ENDED = { to: 'ann@example.com', resource: 'account', level: 'admin', until: '2026-11-20' } as const;
  const anns = (rows: Readonly<Record<string, 'viewer' | 'admin'>>): AccountSpec => ({
    accesses: [
      { access: 1, user: 'owner@example.com', rows: { account: 'owner' } },
      { access: 2, user: 'ann@example.com', rows },
    ],
  });

  test('takes nothing that a raise which waits may stand in for: nobody gets less on the way', () => {
    const policy: PolicySpec = { grants: [ENDED, { to: 'ann@example.com', resource: 'project:Checkout' }] };
    const plan = planWith({ fallback: true }, policy, anns({ account: 'admin' }));
    expect(changes(plan)).toEqual([]);
    expect(deferred(plan)).toEqual([
      'create project:#4001 0>10: fallback a valid policy',
      'remove account:#3229 100>0: relies-on-missing project:Checkout',
    ]);
    expect(plan.verdict).toBe('deferred');
  });

  test('leaves unlisted principals alone, whatever it says of them', () => {
    const policy: PolicySpec = { unlisted: 'revoke', grants: [{ to: 'owner@example.com', resource: 'account' }] };
    const plan = planWith({ fallback: true }, policy, anns({ 'project:#4001': 'admin' }));
    expect(changes(plan)).toEqual([]);
    expect(deferred(plan)).toEqual(['remove project:#4001 100>0: fallback a valid policy']);
  });

  test('takes back by `ends` alone, and rests what is contested', () => {
    const policy: PolicySpec = {
      ends: { 'ann@example.com': '2026-11-20' },
      grants: [{ to: 'owner@example.com', resource: 'account' }],
    };
    const account = anns({ 'project:#4001': 'admin', 'domain:#7001': 'viewer' });
    const contested: SameChange[] = [{ access: 2, resource: { type: 'domain', id: 7001 }, after: LEVEL.none }];
    const plan = planWith({ fallback: true, contested }, policy, account);
    expect(changes(plan)).toEqual(['ann@example.com remove project:#4001 100>0']);
    expect(deferred(plan)).toEqual(['remove domain:#7001 10>0: contested the next daily retry']);
  });

  test('takes back what ends, and does nothing else', () => {
    const policy: PolicySpec = {
      grants: [
        { to: 'ann@example.com', resource: 'project:Checkout', level: 'admin', until: '2026-11-20' },
        { to: 'ann@example.com', resource: 'inbox:Mobile/Builds' },
        { to: 'bob@example.com', resource: 'project:Checkout' },
      ],
    };
    const account: AccountSpec = {
      accesses: [
        { access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'admin' } },
        { access: 3, user: 'bob@example.com', rows: { 'project:#4002': 'admin' } },
      ],
    };
    const plan = planWith({ fallback: true }, policy, account);
    expect(changes(plan)).toEqual(['ann@example.com remove project:#4001 100>0']);
    expect(plan.deferred.map(({ change, reason }) => `${changeOf(change)} ${reason}`)).toEqual([
      'ann@example.com create inbox:#5003 0>10 fallback',
      'bob@example.com create project:#4001 0>10 fallback',
      'bob@example.com remove project:#4002 100>0 fallback',
    ]);
  });
});
