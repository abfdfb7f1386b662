import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bindPolicy } from '../../src/core/bind/bind-policy.ts';
import { diffStates } from '../../src/core/diff/diff-states.ts';
import type { ResourceNode } from '../../src/core/domain/account/resource-tree.ts';
import { changeKey, requestedChanges } from '../../src/core/domain/plan/change-key.ts';
import type { Difference, Plan } from '../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS } from '../../src/core/domain/plan/restraints.ts';
import { toNamePattern } from '../../src/core/domain/policy/name-pattern.ts';
import type { PeopleAndResources } from '../../src/core/domain/policy/policy.ts';
import type { ResourceRef, ResourceSelector } from '../../src/core/domain/policy/resource-ref.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { everybody, isObserved } from '../support/oracle.ts';
import { expectSeen, holds, SEED } from './runs.ts';

const AT = { file: 'policy.yaml', line: 4, column: 1, length: 1 };
const NOTHING: PeopleAndResources = { people: [], resources: [] };

function refTo({ type, id }: ResourceNode): ResourceRef {
  const isAlone = type === 'account' || type === 'billing' || type === 'campaigns';
  const selector = (isAlone ? { type } : { type, id }) as ResourceSelector;
  return { text: isAlone ? type : `${type}:#${id}`, selector, at: AT };
}

/** The world, with a policy that observes some of its resources by id, and sometimes Ann. */
function observing(temper: 'tame' | 'messy'): fc.Arbitrary<World> {
  return fc
    .tuple(arbitraryWorld(temper), fc.array(fc.nat({ max: 20 }), { maxLength: 3 }), fc.boolean())
    .map(([world, picks, observesAnn]) => {
      const { nodes } = world.actual.tree;
      const resources = [...new Set(picks)].flatMap((pick) => nodes[pick] ?? []).map(refTo);
      const people = observesAnn ? [{ pattern: toNamePattern('ann@*'), at: AT }] : [];
      return { ...world, policy: { ...world.policy, observe: { people, resources } } };
    });
}

function differenceOf({ policy, actual, now }: World): Difference {
  return diffStates(bindPolicy(resolvePolicy(policy), actual, now), actual);
}

function planOf(world: World, limits: Partial<World['policy']['limits']> = {}): Plan {
  const policy = { ...world.policy, limits: { ...world.policy.limits, ...limits } };
  return makePlan(resolvePolicy(policy), world.actual, world.now, NO_RESTRAINTS).plan;
}

/** So tight that nobody passes whom they count. */
const TIGHT = { revokes: { principals: 1, percent: 1 }, gains: { principals: 1, percent: null }, newAdmins: 0 };

describe(`what a policy observes, over random worlds (seed ${SEED})`, () => {
  it('is the plan without `observe`, in two lists', () => {
    let observed = 0;
    holds(observing('tame'), (world) => {
      const found = differenceOf(world);
      const whole = differenceOf({ ...world, policy: { ...world.policy, observe: NOTHING } });
      observed += found.observed.length;
      const keys = [...found.changes, ...found.observed].map(changeKey);
      expect(keys.sort()).toEqual(whole.changes.map(changeKey).sort());
    });
    expectSeen(observed, 100);
  });

  it('is never among what grantd writes, holds or defers, and nothing else is observed', () => {
    holds(observing('messy'), (world) => {
      const plan = planOf(world, TIGHT);
      const { policy, actual } = world;
      const names = new Map(everybody(actual).map(({ access, name }) => [access, name]));
      const isListed = ({ access, resource }: (typeof plan.changes)[number]) => {
        const [node, name] = [actual.tree.find(resource), names.get(access)];
        return node !== undefined && name !== undefined && isObserved(node, name, policy, actual.tree);
      };
      expect(requestedChanges(plan).filter(isListed)).toEqual([]);
      expect(plan.observed.filter((change) => !isListed(change))).toEqual([]);
    });
  });

  it('counts towards no limit, and alone leaves the run complete, unless a name is unresolved', () => {
    let alone = 0;
    holds(observing('messy'), (world) => {
      const tight = planOf(world, TIGHT);
      expect(tight.observed).toEqual(planOf(world).observed);
      if (requestedChanges(tight).length > 0) return;
      if (tight.observed.length > 0) alone += 1;
      const verdict = tight.unresolved.length > 0 ? 'deferred' : 'complete';
      expect([tight.verdict, tight.refusals, tight.counts.gain, tight.counts.lose]).toEqual([verdict, [], 0, 0]);
    });
    expectSeen(alone, 10);
  });
});
