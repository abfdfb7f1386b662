import { describe, expect, test } from 'vitest';
import { partDigest, planDigest } from '../../src/guard/digest.ts';
import type { PolicySpec } from '../support/policy-builder.ts';
import { ANN, changeText, grantsOf, smallWorld, told } from '../support/small-world.ts';

const BOB = 'bob@example.com';
const GRANTS = grantsOf({ 'project:#4001': 'viewer' }, [ANN, BOB]);
/** Both lose a domain and gain a project. */
const PEOPLE = [
  { access: 3, user: BOB, rows: { 'domain:#7001': 'viewer' } },
  { access: 2, user: ANN, rows: { 'domain:#7001': 'viewer' } },
] as const;
const ONE_LOSER = { revokes: { principals: 1, percent: 100 } };

const plan = (policy: PolicySpec, accesses: typeof PEOPLE | readonly [] = PEOPLE) =>
  smallWorld({ grants: GRANTS, ...policy }, { accesses }).plan;

describe('the verdict', () => {
  const held = { limits: ONE_LOSER };
  const nothing = { mode: 'additive', grants: [] } as const;

  test.each<[verdict: string, fact: string, policy: PolicySpec]>([
    ['allowed', 'where nothing stands against the plan', {}],
    ['allowed', 'in additive mode too', { mode: 'additive' }],
    ['held', 'where a guard refuses', held],
    ['held', 'though the policy is paused', { ...held, paused: true }],
    ['held', 'though it only observes', { ...held, mode: 'observe' }],
    ['paused', 'where the policy is paused', { paused: true }],
    ['paused', 'though it only observes', { paused: true, mode: 'observe' }],
    ['observe', 'where it only observes', { mode: 'observe' }],
    ['clean', 'where nothing is to be written', nothing],
    ['clean', 'though the policy is paused', { ...nothing, paused: true }],
    ['clean', 'though it only observes', { ...nothing, mode: 'observe', grants: [{ to: 'x@x', resource: 'account' }] }],
  ])('is %s %s', (verdict, _, policy) => {
    expect(plan(policy).verdict).toBe(verdict);
  });
});

describe('a plan that breaks a rule', () => {
  test('is held as a whole, in one part for each principal', () => {
    const { changes, held } = plan({ limits: ONE_LOSER });
    expect(changes).toEqual([]);
    expect(held.map((part) => part.principal)).toEqual([
      { kind: 'user', email: ANN },
      { kind: 'user', email: BOB },
    ]);
    expect(held.map((part) => part.changes.map(changeText))).toEqual([
      ['create project:#4001 0>10', 'remove domain:#7001 10>0'],
      ['create project:#4001 0>10', 'remove domain:#7001 10>0'],
    ]);
  });

  test('names on each part every rule that holds it, in the order of telling', () => {
    const never = [{ who: ANN, resource: 'project:#4001', level: 'viewer' as const }];
    const { held, refusals } = plan({ never, limits: ONE_LOSER });
    expect(refusals.map(({ rule }) => rule)).toEqual(['never', 'revoke-limit']);
    expect(held.map(({ rules }) => rules)).toEqual([
      ['never', 'revoke-limit'],
      ['never', 'revoke-limit'],
    ]);
  });

  test('digests each part by account, rules and changes, and itself by what is held', () => {
    const { held, digest } = plan({ limits: ONE_LOSER });
    for (const part of held) expect(part.digest).toBe(partDigest(3229, ['revoke-limit'], part.changes));
    expect(new Set(held.map((part) => part.digest)).size).toBe(2);
    expect(digest).toBe(planDigest(3229, 'authoritative', [], held));
  });
});

describe('a plan that breaks none', () => {
  test('keeps its changes, holds nothing and is digested by its changes', () => {
    const { changes, held, refusals, digest } = plan({});
    expect(changes).toHaveLength(4);
    expect(held).toEqual([]);
    expect(refusals).toEqual([]);
    expect(digest).toBe(planDigest(3229, 'authoritative', changes, []));
  });

  test('has the digest of every plan that would write the same, whatever the reasons', () => {
    const regrouped = { groups: { qa: [ANN, BOB] }, grants: [{ to: 'group:qa', resource: 'project:Checkout' }] };
    expect(plan(regrouped).digest).toBe(plan({}).digest);
  });
});

describe('a paused policy', () => {
  test('says so before every other notice, and plans all the same', () => {
    const ahead = { to: ANN, resource: 'domain:#1' };
    const { notices, changes } = plan({ paused: true, grants: [...GRANTS, ahead] });
    expect(notices[0]).toMatchObject({ code: 'paused', at: null });
    expect(notices).toHaveLength(2);
    expect(changes).toHaveLength(4);
  });

  test('is not told where it is not', () => {
    expect(told(plan({}).notices, 'paused')).toEqual([]);
  });
});
