import { describe, expect, it } from 'vitest';
import type { Change, Plan } from '../../src/core/domain/plan/plan.ts';
import { NO_RESTRAINTS, type Restraints } from '../../src/core/domain/plan/restraints.ts';
import type { Grant, Policy } from '../../src/core/domain/policy/policy.ts';
import { resolvePolicy } from '../../src/core/resolve/resolve-policy.ts';
import { makePlan } from '../../src/run/reconcile/make-plan.ts';
import { arbitraryWorld, type World } from '../support/arbitrary/world.ts';
import { keyOf } from '../support/oracle.ts';
import { holds, SEED } from './runs.ts';

/** No grant ends before it begins: such a policy is invalid. */
const worlds = arbitraryWorld('messy').map((world) =>
  withGrants(world, ({ from, until }) => from === null || until === null || from.at < until.at),
);

/** Worlds in which every grant has begun, so that each end took something that ran. */
const begun = worlds.map((world) => withGrants(world, ({ from }) => from === null));

function withGrants(world: World, keeps: (grant: Grant) => boolean): World {
  return { ...world, policy: { ...world.policy, grants: world.policy.grants.filter(keeps) } };
}

function planOf({ policy, actual, now }: World, restraints: Restraints = NO_RESTRAINTS): Plan {
  return makePlan(resolvePolicy(policy), actual, now, restraints).plan;
}

/** The rows that lose something, wherever the plan lists them. */
function losses({ changes, held, deferred }: Plan): ReadonlySet<string> {
  const all = [...changes, ...held.flatMap((part) => part.changes), ...deferred.map(({ change }) => change)];
  return new Set(all.filter((change) => change.after < change.before).map(rowOf));
}

function rowOf({ access, resource }: Change): string {
  return `${access} ${keyOf(resource)}`;
}

/** The policy with one end that has come taken out: of a grant, of a person, or of both where each would do it. */
function withoutOneEnd(policy: Policy, now: number): readonly Policy[] {
  const people = policy.ends.filter(({ end }) => end.at <= now);
  const grants = policy.grants.filter(({ until }) => until !== null && until.at <= now);
  const withoutPerson = people.map((gone) => ({ ...policy, ends: policy.ends.filter((end) => end !== gone) }));
  return [policy, ...withoutPerson]
    .flatMap((base) => [
      base,
      ...grants.map((gone) => ({
        ...base,
        grants: base.grants.map((grant) => (grant === gone ? { ...grant, until: null } : grant)),
      })),
    ])
    .slice(1);
}

/** By brute force: the rows that lose something, and would not had one end not come. */
function lossesByEnd(world: World): ReadonlySet<string> {
  const others = withoutOneEnd(world.policy, world.now).map((policy) => losses(planOf({ ...world, policy })));
  return new Set([...losses(planOf(world))].filter((row) => others.some((other) => !other.has(row))));
}

describe(`a policy that stands in (seed ${SEED})`, () => {
  it('gives nobody anything, and takes only what would stay had an end not come', () => {
    holds(worlds, (world) => {
      const { changes, held } = planOf(world, { ...NO_RESTRAINTS, fallback: true });
      const wanted = [...changes, ...held.flatMap((part) => part.changes)];
      expect(wanted.filter((change) => change.after >= change.before)).toEqual([]);
      const byEnd = wanted.length > 0 ? lossesByEnd(world) : new Set();
      for (const change of wanted) expect(byEnd, rowOf(change)).toContain(rowOf(change));
    });
  });

  it('takes all of that, save what else keeps it', () => {
    holds(begun, (world) => {
      const { deferred } = planOf(world, { ...NO_RESTRAINTS, fallback: true });
      const standing = deferred.filter(({ reason, change }) => reason === 'fallback' && change.after < change.before);
      const byEnd = standing.length > 0 ? lossesByEnd(world) : new Set();
      for (const { change } of standing) expect(byEnd, rowOf(change)).not.toContain(rowOf(change));
    });
  });
});
