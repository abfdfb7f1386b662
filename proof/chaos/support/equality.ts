import { type PrincipalName, principalNameText } from '../../../src/core/domain/account/principal.ts';
import { isWritableType } from '../../../src/core/domain/account/resource.ts';
import type { ResourceNode } from '../../../src/core/domain/account/resource-tree.ts';
import type { Plan } from '../../../src/core/domain/plan/plan.ts';
import type { World } from '../../../test/support/arbitrary/world.ts';
import {
  declaredRows,
  effective,
  everybody,
  isNamed,
  isSpokenAbout,
  isUnresolved,
  keyOf,
  type RowMap,
  reaches,
} from '../../../test/support/oracle.ts';

/**
 * Who has another effective access than the policy says, once a run has left nothing to write; those are left out about
 * whom the plan itself says why. Counts who was compared, so that nobody takes silence for proof.
 */
export function differences(
  world: World,
  plan: Plan,
): { readonly compared: number; readonly found: readonly string[] } {
  const { policy, actual, now } = world;
  const found: string[] = [];
  let compared = 0;
  if (policy.mode === 'observe' || policy.paused) return { compared, found };
  const reported = reportedBy(plan);
  for (const { access, name, rows } of everybody(actual)) {
    if (!isPlain(rows, world) || reported.has(access) || isInDoubt(world, name) || !isNamed(policy, name, now))
      continue;
    compared += 1;
    const mayExceed =
      policy.mode === 'additive' || policy.protected.some((one) => principalNameText(one) === principalNameText(name));
    const entitled = declaredRows(policy, name, actual.tree, now);
    for (const node of actual.tree.nodes) {
      const [has, wants] = [effective(rows, node), effective(entitled, node)];
      if (has === wants || (has > wants && mayExceed) || !mayBeWritten(node, world)) continue;
      found.push(`${JSON.stringify(name)} has ${has} on ${keyOf(node)} and ${wants} is entitled`);
    }
  }
  return { compared, found };
}

/** Whether every row is one that this policy may write: any other one may give what no policy takes. */
function isPlain(rows: RowMap, world: World): boolean {
  const writable = new Set(world.actual.tree.nodes.filter((node) => mayBeWritten(node, world)).map(keyOf));
  return [...rows].every(([key, level]) => writable.has(key) && (level === 10 || level === 100));
}

function mayBeWritten(node: ResourceNode, { policy, actual }: World): boolean {
  return isWritableType(node.type) && node.shown && isSpokenAbout(node, policy, actual.tree);
}

function reportedBy(plan: Plan): ReadonlySet<number> {
  const changes = [
    ...plan.deferred.map(({ change }) => change),
    ...plan.observed,
    ...plan.held.flatMap((part) => part.changes),
  ];
  return new Set([...changes, ...plan.unmanageable, ...plan.redundant, ...plan.ended].map(({ access }) => access));
}

/** A name that the account does not show keeps whom it reaches as they are; in a list of what is excluded, everybody. */
function isInDoubt({ policy, actual }: World, name: PrincipalName): boolean {
  const reaching = policy.grants.filter(({ to }) => reaches(to, name, policy));
  const resources = reaching.flatMap(({ gives }) =>
    'resources' in gives ? gives.resources : policy.roles.flatMap((role) => role.resources),
  );
  const refs = [
    ...resources.map(({ resource }) => resource),
    ...reaching.flatMap(({ except }) => except),
    ...(policy.manage ?? []),
    ...policy.ignore.resources,
    ...policy.observe.resources,
    ...policy.never.map(({ resource }) => resource),
  ];
  return refs.some((ref) => isUnresolved(ref, actual.tree));
}
