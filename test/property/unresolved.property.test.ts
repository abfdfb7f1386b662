import { describe, expect, it } from 'vitest';
import { requestedChanges } from '../../src/core/domain/plan/change-key.ts';
import { hasWaiting, type Plan } from '../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { everybody, isNamed, isUnresolved } from '../support/oracle.ts';
import { expectSeen, holds, SEED } from './runs.ts';

const messy = arbitraryWorld('messy');

function planOf({ policy, actual, now }: World): Plan {
  return makePlan(resolvePolicy(policy), actual, now, NO_RESTRAINTS).plan;
}

describe(`an unresolved name, over random worlds (seed ${SEED})`, () => {
  it('waits in `manage`, `observe`, `ignore` and `never`, and a plan with one is never complete', () => {
    let found = 0;
    holds(messy, (world) => {
      const { policy, actual } = world;
      const plan = planOf(world);
      const waits = new Set(plan.unresolved.map(({ name }) => name));
      const refs = [...policy.ignore.resources, ...policy.observe.resources, ...(policy.manage ?? [])];
      for (const ref of [...refs, ...policy.never.map(({ resource }) => resource)]) {
        if (!isUnresolved(ref, actual.tree)) continue;
        found += 1;
        expect(waits).toContain(ref.text);
      }
      if (plan.verdict === 'complete') expect([plan.unresolved, requestedChanges(plan)]).toEqual([[], []]);
      if (plan.verdict === 'observed') expect(hasWaiting(plan)).toBe(false);
      if (plan.unresolved.length > 0) expect(plan.verdict).toMatch(/^(allowed|paused|held|deferred)$/);
    });
    expectSeen(found, 10);
  });

  it('is listed wherever a change of somebody whom a grant names waits for it', () => {
    let found = 0;
    holds(messy, (world) => {
      const { policy, actual, now } = world;
      const named = new Set(
        everybody(actual)
          .filter(({ name }) => isNamed(policy, name, now))
          .map(({ access }) => access),
      );
      const plan = planOf(world);
      for (const { reason, change } of plan.deferred) {
        if (!reason.startsWith('unresolved-') || !named.has(change.access)) continue;
        found += 1;
        expect(plan.unresolved.map((one) => one.reason)).toContain(reason);
      }
    });
    expectSeen(found, 10);
  });

  it('is no reason to list a name that matches, a pattern or an id', () => {
    holds(messy, (world) => {
      const resolved = resolvePolicy(world.policy);
      const { policy } = resolved;
      const refs = [
        ...resolved.entitlements.flatMap(({ resources, except }) => [
          ...resources.map((one) => one.resource),
          ...except,
        ]),
        ...policy.ignore.resources,
        ...policy.observe.resources,
        ...(policy.manage ?? []),
        ...policy.never.map(({ resource }) => resource),
      ];
      const unresolved = new Set(refs.filter((ref) => isUnresolved(ref, world.actual.tree)).map(({ text }) => text));
      for (const { name } of planOf(world).unresolved) expect(unresolved).toContain(name);
    });
  });
});
