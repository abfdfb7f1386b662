import { describe, expect, test } from 'vitest';
import { partDigest, planDigest } from '../../../src/core/guard/digest.ts';
import type { AccessSpec } from '../../support/account-builder.ts';
import type { PolicySpec } from '../../support/policy-builder.ts';
import { ANN, changeText, grantsOf, NOW, smallWorld, told } from '../../support/small-world.ts';

const BOB = 'bob@example.com';
const GRANTS = grantsOf({ 'project:#4001': 'viewer' }, [ANN, BOB]);
/** Both lose a domain and gain a project. */
const PEOPLE = [
  { access: 3, user: BOB, rows: { 'domain:#7001': 'viewer' } },
  { access: 2, user: ANN, rows: { 'domain:#7001': 'viewer' } },
] as const;
/** Both hold what is entitled, and lose the rest. */
const LOSERS = PEOPLE.map(({ rows, ...person }) => ({
  ...person,
  rows: { ...rows, 'project:#4001': 'viewer' } as const,
}));
const ONE_LOSER = { revokes: { principals: 1, percent: 100 } };

/** A grant on a name that fits no resource defers the removal of ann's domain. */
const UNRESOLVED = grantsOf({ 'domain:gone.example.com': 'viewer' }, [ANN]);

const plan = (policy: PolicySpec, accesses: readonly AccessSpec[] = PEOPLE) =>
  smallWorld({ grants: GRANTS, ...policy }, { accesses }).plan;

describe('the verdict', () => {
  const limits = ONE_LOSER;
  const nothing = { mode: 'additive', grants: [] } as const;

  test.each<[verdict: string, fact: string, policy: PolicySpec]>([
    ['allowed', 'where nothing stands against the plan', {}],
    ['allowed', 'in additive mode too', { mode: 'additive' }],
    ['allowed', 'where guards hold a part of it', { limits }],
    ['paused', 'where guards hold a part of it', { limits, paused: true }],
    ['held', 'where it only observes and guards hold a part of it', { limits, mode: 'observe' }],
    ['paused', 'where the policy is paused', { paused: true }],
    ['paused', 'though it only observes', { paused: true, mode: 'observe' }],
    ['observed', 'where it only observes', { mode: 'observe' }],
    ['complete', 'where nothing is to be written', nothing],
    ['complete', 'though the policy is paused', { ...nothing, paused: true }],
    [
      'complete',
      'though it only observes',
      { ...nothing, mode: 'observe', grants: [{ to: 'x@x', resource: 'account' }] },
    ],
    ['deferred', 'where all there is waits', { grants: UNRESOLVED }],
    ['deferred', 'where all there is waits, in mode observe', { mode: 'observe', grants: UNRESOLVED }],
    ['paused', 'where all there is waits, and the policy is paused', { grants: UNRESOLVED, paused: true }],
    ['allowed', 'where only a part waits', { grants: [...GRANTS, ...UNRESOLVED] }],
  ])('is %s %s', (verdict, _, policy) => {
    expect(plan(policy).verdict).toBe(verdict);
  });

  test.each<[fact: string, policy: PolicySpec]>([
    ['', {}],
    [', observed or not', { mode: 'observe' }],
  ])('is held where guards hold all there is%s', (_, policy) => {
    expect(plan({ ...policy, limits }, LOSERS).verdict).toBe('held');
  });

  test('is paused where guards hold all there is and the policy is paused: an approval alone would write nothing', () => {
    expect(plan({ paused: true, limits }, LOSERS).verdict).toBe('paused');
  });

  test('is held before it is deferred', () => {
    const cat = { access: 4, user: 'cat@example.com', rows: { 'domain:#7001': 'viewer' } } as const;
    const waiting = grantsOf({ 'domain:gone.example.com': 'viewer' }, [cat.user]);
    const found = plan({ grants: [...GRANTS, ...waiting], limits }, [...LOSERS, cat]);
    expect(found.deferred).toHaveLength(1);
    expect(found.verdict).toBe('held');
  });
});

describe('a plan that breaks a rule', () => {
  test('is held as far as the rule counts, in one part for each principal; the rest proceeds', () => {
    const { changes, held } = plan({ limits: ONE_LOSER });
    expect(changes.map(changeText)).toEqual(['create project:#4001 0>10', 'create project:#4001 0>10']);
    expect(held.map((part) => part.principal)).toEqual([
      { kind: 'user', email: ANN },
      { kind: 'user', email: BOB },
    ]);
    expect(held.map((part) => part.changes.map(changeText))).toEqual([
      ['remove domain:#7001 10>0'],
      ['remove domain:#7001 10>0'],
    ]);
  });

  test('names on each part every rule that holds it, in the order of telling', () => {
    const never = [{ who: ANN, resource: 'project:#4001', level: 'viewer' as const }];
    const { held, refusals } = plan({ never, limits: ONE_LOSER });
    expect(refusals.map(({ rule }) => rule)).toEqual(['never', 'revoke-limit']);
    expect(held.map(({ rules }) => rules)).toEqual([['never', 'revoke-limit'], ['revoke-limit']]);
  });

  test('says of each part with which command it is approved, or that it cannot be', () => {
    const never = [{ who: ANN, resource: 'project:#4001', level: 'viewer' as const }];
    const { held } = plan({ file: 'my policy.yaml', never, limits: ONE_LOSER });
    expect(held.map(({ approve }) => approve)).toEqual([
      null,
      `grantd apply 'my policy.yaml' --approve ${held[1]?.digest}`,
    ]);
  });

  test('digests each part by account, rules and changes, and itself by what is held', () => {
    const { changes, held, digest } = plan({ limits: ONE_LOSER });
    for (const part of held) expect(part.digest).toBe(partDigest(3229, ['revoke-limit'], part.changes));
    expect(new Set(held.map((part) => part.digest)).size).toBe(2);
    expect(digest).toBe(planDigest(3229, 'authoritative', changes, held));
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

  test('says since when, where that is remembered, and how to find out where not', () => {
    const pausedSince = Date.parse('2026-11-20T08:00:00Z');
    const [known] = smallWorld({ grants: GRANTS, paused: true }, {}, NOW, { pausedSince }).plan.notices;
    expect(known?.message).toContain('`paused: true` since 2026-11-20T08:00:00Z: grantd writes nothing');
    expect(known?.remedy).toBe('set `paused: false` to continue');
    const [unknown] = plan({ paused: true, file: 'team.yaml' }).notices;
    expect(unknown?.message).toBe(
      'the policy says `paused: true`: grantd writes nothing, and does not remove expired access either',
    );
    expect(unknown?.remedy).toContain("`git log -S 'paused: true' -- team.yaml` shows since when");
  });
});
