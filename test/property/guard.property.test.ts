import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindPolicy } from '../../src/core/bind/bind-policy.ts';
import { diffStates } from '../../src/core/diff/diff-states.ts';
import { adminEmails } from '../../src/core/domain/account/actual-state.ts';
import type { Change, Difference, GuardRule, HeldPart, Plan } from '../../src/core/domain/plan/plan.ts';
import { type BegunPart, NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import { partDigest } from '../../src/core/guard/digest.ts';
import { guardPlan } from '../../src/core/guard/guard-plan.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { planToJson } from '../../src/report/plan/json.ts';
import { agreedFromJson } from '../../src/report/plan/read-json.ts';
import { agreedPlan, isAgreed } from '../../src/run/reconcile/agreed-plan.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { ACCOUNT } from '../support/arbitrary/policy.ts';
import { arbitraryGains, forbidding, forNever, isForbidden } from '../support/arbitrary/variants.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { applyChanges, effective, everybody, keyOf, meant } from '../support/oracle.ts';
import { holds, SEED } from './runs.ts';

const limited: fc.Arbitrary<World> = fc
  .record({
    world: arbitraryWorld('messy'),
    principals: fc.integer({ min: 0, max: 3 }),
    percent: fc.integer({ min: 0, max: 100 }),
    admins: fc.integer({ min: 0, max: 3 }),
    newAdmins: fc.integer({ min: 0, max: 2 }),
    gains: arbitraryGains(),
  })
  .map(({ world, principals, percent, gains, admins, newAdmins }) => ({
    ...world,
    policy: {
      ...world.policy,
      limits: { ...world.policy.limits, revokes: { principals, percent }, gains, admins, newAdmins },
    },
  }));

function plan(world: World, approvedByHand: readonly string[] = [], begun: readonly BegunPart[] = []) {
  const restraints = { ...NO_RESTRAINTS, approvedByHand, begun };
  return makePlan(resolvePolicy(world.policy), world.actual, world.now, restraints).plan;
}

/** A world, and the digests of some of the parts that are held in it. */
const partlyApproved = fc
  .tuple(limited, fc.infiniteStream(fc.boolean()))
  .map(([world, flips]): { readonly world: World; readonly digests: readonly string[] } => ({
    world,
    digests: plan(world)
      .held.filter(() => flips.next().value)
      .map(({ digest }) => digest),
  }));

function namesOf(world: World, changes: readonly Change[]): ReadonlySet<string> {
  const names = everybody(world.actual).filter((one) => changes.some((change) => change.access === one.access));
  return new Set(names.map((one) => JSON.stringify(one.name)));
}

interface TestedLimit {
  readonly rule: GuardRule;
  readonly counted: (change: Change) => boolean;
  /** An upper bound. */
  readonly most: number;
}

/** What each limit counts, and how many it lets pass. */
function limitsOf({ policy: { limits } }: World): readonly TestedLimit[] {
  return [
    {
      rule: 'revoke-limit',
      counted: ({ before, after }) => after < before,
      most: Math.max(1, limits.revokes.principals),
    },
    {
      rule: 'gain-limit',
      counted: ({ before, after }) => after > before,
      most: Math.max(1, limits.gains.principals),
    },
    {
      rule: 'admin-limit',
      counted: ({ resource, before, after }) => resource.type === 'account' && before < 100 && after >= 100,
      most: limits.newAdmins,
    },
  ];
}

describe(`what the guards let through, over random worlds (seed ${SEED})`, () => {
  it('takes and gives access to no more than the limit, and makes no more account admins', () => {
    holds(limited, (world) => {
      for (const { rule, counted, most } of limitsOf(world))
        expect(namesOf(world, plan(world).changes.filter(counted)).size, rule).toBeLessThanOrEqual(most);
    });
  });

  it('leaves enough account admins and owners, or as many as there were', () => {
    holds(limited, (world) => {
      const before = adminEmails(ACCOUNT, world.actual.accesses);
      const after = adminEmails(ACCOUNT, applyChanges(world.actual, plan(world).changes).accesses);
      expect(after.size).toBeGreaterThanOrEqual(Math.min(before.size, world.policy.limits.admins));
    });
  });

  it('gives nobody what a `never` rule forbids, unless they had it', () => {
    holds(fc.tuple(arbitraryWorld('messy'), fc.nat()), ([drawn, pick]) => {
      const world = forbidding(drawn, pick);
      const after = everybody(applyChanges(world.actual, plan(world).changes));
      for (const rule of world.policy.never) {
        for (const node of meant(rule.resource, world.actual.tree)) {
          for (const [index, { name, rows }] of everybody(world.actual).entries()) {
            if (!('email' in name) || !isForbidden(rule, name.email) || forNever(effective(rows, node), rows) >= 100)
              continue;
            expect(effective(after[index]?.rows ?? new Map(), node), keyOf(node)).toBeLessThan(100);
          }
        }
      }
    });
  });

  it('what is held is not written, and what is written is not held: with what waits they are the whole', () => {
    holds(partlyApproved, ({ world, digests }) => {
      const { policy, actual, now } = world;
      const resolved = resolvePolicy(policy);
      const difference = diffStates(bindPolicy(resolved, actual, now), actual);
      const judged = plan(world, digests);
      expect(texts(wantedOf(judged))).toEqual(texts(wantedOf({ ...difference, held: [] })));
    });
  });

  it('what proceeds passes every guard alone', () => {
    holds(partlyApproved, ({ world, digests }) => {
      const judged = plan(world, digests);
      const approved = new Set(judged.approved.flatMap(({ changes }) => texts(changes)));
      const alone = guardAlone(world, judged.changes, digests);
      expect(alone.held.flatMap(({ changes }) => texts(changes)).filter((text) => !approved.has(text))).toEqual([]);
      expect(texts(alone.changes)).toEqual(
        expect.arrayContaining(texts(judged.changes).filter((one) => !approved.has(one))),
      );
    });
  });

  it('a removal more never lets anything pass that did not', () => {
    holds(fc.tuple(limited, fc.infiniteStream(fc.boolean())), ([world, flips]) => {
      const all = differenceOf(world).changes;
      const fewer = all.filter((change) => change.after > change.before || flips.next().value);
      const [less, more] = [guardAlone(world, fewer, []), guardAlone(world, all, [])];
      const may = new Set(texts(less.changes));
      for (const text of texts(more.changes.filter((change) => fewer.includes(change)))) expect(may).toContain(text);
    });
  });

  it('an approval lets exactly its part pass, and uses up the limits', () => {
    holds(partlyApproved, ({ world, digests }) => {
      const [without, judged] = [plan(world), plan(world, digests)];
      const approved = new Set(judged.approved.flatMap(({ changes }) => texts(changes)));
      for (const part of judged.approved) {
        expect(digests).toContain(part.digest);
        expect(texts(judged.changes)).toEqual(expect.arrayContaining(texts(part.changes)));
        expect(part.rules.some((rule) => rule === 'never' || rule === 'last-admins')).toBe(false);
      }
      const free = judged.changes.filter((change) => !approved.has(texts([change])[0] ?? ''));
      for (const { rule, counted, most } of limitsOf(world)) {
        if (!free.some(counted)) continue;
        expect(namesOf(world, judged.changes.filter(counted)).size, rule).toBeLessThanOrEqual(most);
      }
      if (digests.length === 0) expect(judged).toEqual(without);
    });
  });

  it('a limit that is exceeded lets nothing pass that it counts', () => {
    holds(partlyApproved, ({ world, digests }) => {
      const { changes, approved, refusals } = plan(world, digests);
      const released = new Set(approved.flatMap((part) => texts(part.changes)));
      const free = changes.filter((change) => !released.has(texts([change])[0] ?? ''));
      for (const { rule } of refusals) {
        const limit = limitsOf(world).find((one) => one.rule === rule);
        expect(limit ? texts(free.filter(limit.counted)) : [], rule).toEqual([]);
      }
    });
  });

  it('what state says of a begun part lets no change run that the approved digest does not bind', () => {
    holds(fc.tuple(limited, fc.nat(), fc.infiniteStream(fc.integer({ min: 0, max: 3 }))), ([world, pick, lies]) => {
      const { held } = plan(world);
      const whole = held[pick % Math.max(1, held.length)];
      if (whole === undefined) return;
      // What was held may be remembered rightly, in part, with more, or of somebody else.
      const begun = held.flatMap((part): readonly BegunPart[] => {
        const lie = lies.next().value ?? 0;
        const access = part.changes[0]?.access ?? 0;
        const changes = [part.changes, part.changes.slice(1), [...part.changes, ...whole.changes], part.changes][lie];
        return [{ digest: whole.digest, rules: lie === 3 ? whole.rules : part.rules, access, changes: changes ?? [] }];
      });
      const judged = plan(world, [whole.digest], begun);
      const bound = texts(whole.changes);
      for (const { digest, changes } of judged.approved) {
        expect(digest).toBe(whole.digest);
        for (const text of texts(changes)) expect(bound).toContain(text);
      }
    });
  });

  /** A rule that does not hold the part. */
  function otherRule(rules: readonly GuardRule[]): GuardRule {
    return rules.includes('never') ? 'last-admins' : 'never';
  }

  it('an approval is void as soon as anything that it binds is another', () => {
    const mutation = fc.constantFrom<
      (part: HeldPart, change: Change) => readonly [number, readonly GuardRule[], readonly Change[]]
    >(
      ({ rules, changes }) => [ACCOUNT + 1, rules, changes],
      ({ rules, changes }) => [ACCOUNT, [otherRule(rules)], changes],
      ({ rules, changes }) => [ACCOUNT, [...rules, otherRule(rules)], changes],
      ({ rules, changes }) => [ACCOUNT, rules, changes.slice(1)],
      ({ rules, changes }, change) => [ACCOUNT, rules, [...changes, { ...change, access: change.access + 1 }]],
      ({ rules, changes }, change) => [ACCOUNT, rules, replaced(changes, change, { access: change.access + 1 })],
      ({ rules, changes }, change) => [ACCOUNT, rules, replaced(changes, change, { before: change.before + 1 })],
      ({ rules, changes }, change) => [ACCOUNT, rules, replaced(changes, change, { after: change.after + 1 })],
      ({ rules, changes }, change) => [
        ACCOUNT,
        rules,
        replaced(changes, change, { resource: { ...change.resource, id: change.resource.id + 1 } }),
      ],
    );
    holds(fc.tuple(limited, mutation, fc.nat()), ([world, mutate, index]) => {
      for (const part of plan(world).held) {
        const change = part.changes[index % part.changes.length];
        if (change === undefined) throw new Error('a held part without a change');
        expect(partDigest(...mutate(part, change))).not.toBe(part.digest);
        const reworded = part.changes.map((one) => ({ ...one, why: [], resource: { ...one.resource, label: 'x' } }));
        expect(partDigest(ACCOUNT, [...part.rules].reverse(), reworded)).toBe(part.digest);
      }
    });
  });

  it('a plan survives JSON, and is then still the plan that was agreed to', () => {
    holds(limited, (world) => {
      const made = plan(world);
      const text = JSON.stringify(planToJson(made));
      expect(JSON.stringify(JSON.parse(text))).toBe(text);
      const agreed = agreedFromJson(JSON.parse(text));
      expect(agreed).toEqual(agreedPlan(made));
      expect('digest' in agreed && isAgreed(made, agreed)).toBe(true);
    });
  });

  it('another plan is not the one that was agreed to', () => {
    holds(fc.tuple(limited, limited), ([one, other]) => {
      const [made, others] = [plan(one), plan(other)];
      const isSame = JSON.stringify(agreedPlan(made)) === JSON.stringify(agreedPlan(others));
      expect(isAgreed(others, agreedPlan(made))).toBe(isSame);
    });
  });
});

function replaced(changes: readonly Change[], change: Change, by: Partial<Change>): readonly Change[] {
  return changes.map((one) => (one === change ? { ...one, ...by } : one));
}

function differenceOf({ policy, actual, now }: World): Difference {
  return diffStates(bindPolicy(resolvePolicy(policy), actual, now), actual);
}

/** What the guards say of some of the changes of a world, as if nothing else were entitled. */
function guardAlone(world: World, changes: readonly Change[], approvedByHand: readonly string[]): Plan {
  const resolved = resolvePolicy(world.policy);
  return guardPlan({
    difference: { ...differenceOf(world), changes },
    desired: bindPolicy(resolved, world.actual, world.now),
    actual: world.actual,
    resolved,
    restraints: { ...NO_RESTRAINTS, approvedByHand },
  });
}

function wantedOf({ changes, held, deferred }: Pick<Plan, 'changes' | 'held' | 'deferred'>): readonly Change[] {
  return [...changes, ...held.flatMap((part) => part.changes), ...deferred.map(({ change }) => change)];
}

function texts(changes: readonly Change[]): string[] {
  return changes.map((one) => `${one.access} ${keyOf(one.resource)} ${one.before} ${one.after}`).sort();
}
