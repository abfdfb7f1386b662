import type { Grant, GrantedResource } from '../domain/policy/policy.ts';
import { covers, coversCertainly } from '../domain/policy/ref-cover.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import { errorAt, type Problem, warningAt } from '../domain/text/problem.ts';
import { resourcesOf, rolesByName } from './reach.ts';
import type { PolicyDraft } from './read-policy.ts';

/**
 * The most pairs of an `except` and a granted resource that are compared for a warning. Comparing two patterns takes time
 * by the product of their lengths, so a hostile file could take hours. No file that people write reaches this.
 */
const MAX_PAIRS = 10_000;

/** Checks every `except`: it must drop a resource that its own entry grants, and it must not be a deny below one. */
export function checkExcept({ policy, unreadable }: PolicyDraft): readonly Problem[] {
  const roles = rolesByName(policy.roles);
  let pairs = 0;
  return policy.grants.flatMap((grant) => {
    const resources = resourcesOf(grant, roles);
    if (grant.except.length === 0 || resources.length === 0 || unreadable.has('roles')) return [];
    return [
      ...grant.except.flatMap((except) => {
        pairs += resources.length;
        return belowGrant(except, resources, grant) ?? (pairs > MAX_PAIRS ? [] : withoutEffect(except, resources));
      }),
      ...takesAll(grant, resources),
    ];
  });
}

/** Null if the `except` is not below anything that its own entry still grants. */
function belowGrant(
  except: ResourceRef,
  resources: readonly GrantedResource[],
  grant: Grant,
): readonly Problem[] | null {
  const above = resources.find(({ resource }) => stillGrants(resource, except) && !isDropped(resource, grant.except));
  if (!above) return null;
  const message = `${except.text} lies below ${above.resource.text}, which this entry grants; a policy cannot deny access`;
  const remedy = `instead of ${above.resource.text}, grant the resources below it that you mean, one by one or by a pattern`;
  return [errorAt(except.at, 'except-below-grant', message, remedy)];
}

function withoutEffect(except: ResourceRef, resources: readonly GrantedResource[]): readonly Problem[] {
  if (resources.some(({ resource }) => covers(except.selector, resource.selector) !== 'never')) return [];
  const message = `this entry does not grant ${except.text}, so this \`except\` drops nothing`;
  return [warningAt(except.at, 'except-without-effect', message, 'correct the name, or delete it')];
}

/** Whether a resource of the entry covers everything that `except` names, from above. */
function stillGrants(given: ResourceRef, except: ResourceRef): boolean {
  if (given.selector.type === except.selector.type) return false;
  return coversCertainly(given.selector, except.selector);
}

function isDropped(resource: ResourceRef, excepts: readonly ResourceRef[]): boolean {
  return excepts.some((except) => coversCertainly(except.selector, resource.selector));
}

function takesAll(grant: Grant, resources: readonly GrantedResource[]): readonly Problem[] {
  if (!resources.every(({ resource }) => isDropped(resource, grant.except))) return [];
  const message = '`except` drops everything that this entry grants, so the entry gives nothing';
  return [warningAt(grant.at, 'except-takes-all', message, 'narrow `except`, or delete the entry')];
}
