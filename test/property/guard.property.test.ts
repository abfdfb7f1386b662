import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { adminEmails } from '../../src/domain/admins.ts';
import type { Change } from '../../src/domain/plan.ts';
import type { Policy } from '../../src/domain/policy.ts';
import { NO_RESTRAINTS } from '../../src/domain/restraints.ts';
import { agreedPlan, isAgreed } from '../../src/reconcile/agreed-plan.ts';
import { makePlan } from '../../src/reconcile/make-plan.ts';
import { planToJson } from '../../src/report/plan-json.ts';
import { agreedFromJson } from '../../src/report/read-plan-json.ts';
import { resolvePolicy } from '../../src/resolve/resolve-policy.ts';
import { ACCOUNT, arbitraryWorld, type World } from './arbitrary-world.ts';
import { applyChanges, effective, everybody, isUnresolved, keyOf, meant } from './oracle.ts';
import { holds, SEED } from './runs.ts';

const limited: fc.Arbitrary<World> = fc
  .record({
    world: arbitraryWorld('messy'),
    principals: fc.integer({ min: 0, max: 3 }),
    percent: fc.integer({ min: 0, max: 100 }),
    admins: fc.integer({ min: 0, max: 3 }),
    newAdmins: fc.integer({ min: 0, max: 2 }),
  })
  .map(({ world, principals, percent, admins, newAdmins }) => ({
    ...world,
    policy: {
      ...world.policy,
      limits: { ...world.policy.limits, revokes: { principals, percent }, admins, newAdmins },
    },
  }));

function plan(world: World) {
  return makePlan(resolvePolicy(world.policy), world.actual, world.now, NO_RESTRAINTS).plan;
}

function namesOf(world: World, changes: readonly Change[]): ReadonlySet<string> {
  const names = everybody(world.actual).filter((one) => changes.some((change) => change.access === one.access));
  return new Set(names.map((one) => JSON.stringify(one.name)));
}

describe(`what the guards let through, over random worlds (seed ${SEED})`, () => {
  it('takes access from no more than the limit, and makes no more account admins', () => {
    holds(limited, (world) => {
      const { changes } = plan(world);
      const { revokes, newAdmins } = world.policy.limits;
      const losers = namesOf(
        world,
        changes.filter((change) => change.after < change.before),
      );
      expect(losers.size).toBeLessThanOrEqual(Math.max(1, revokes.principals));
      const made = changes.filter(
        (change) => change.resource.type === 'account' && change.before < 100 && change.after >= 100,
      );
      expect(namesOf(world, made).size).toBeLessThanOrEqual(newAdmins);
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
    holds(limited, (world) => {
      const after = everybody(applyChanges(world.actual, plan(world).changes));
      for (const rule of world.policy.never) {
        for (const node of meant(rule.resource, world.actual.tree)) {
          for (const [index, { name, rows }] of everybody(world.actual).entries()) {
            if (!('email' in name) || name.email !== 'ann@x.test' || effective(rows, node) >= 100) continue;
            expect(effective(after[index]?.rows ?? new Map(), node), keyOf(node)).toBeLessThan(100);
          }
        }
      }
    });
  });

  it('what is held is not written, and what is written is not held: together they are the whole', () => {
    holds(limited, (world) => {
      const judged = plan(world);
      const free = plan({
        ...world,
        policy: { ...world.policy, never: unresolved(world), limits: { ...world.policy.limits, ...NO_LIMITS } },
      });
      const all = [...judged.changes, ...judged.held.flatMap((part) => part.changes)];
      if (free.verdict !== 'held') expect(all).toEqual(free.changes);
      expect(judged.changes.length === 0 || judged.held.length === 0).toBe(true);
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

/** The rules that withhold what they may be about, whatever a guard does. */
function unresolved({ policy, actual }: World): Policy['never'] {
  return policy.never.filter(({ resource }) => isUnresolved(resource, actual.tree));
}

const NO_LIMITS = { revokes: { principals: 1000, percent: 100 }, admins: 0, newAdmins: 1000 };
