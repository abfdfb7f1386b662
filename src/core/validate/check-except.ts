import type { Grant, GrantedResource } from '../domain/policy/policy.ts';
import { covers, coversCertainly } from '../domain/policy/ref-cover.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import { errorAt, type Problem, warningAt } from '../domain/text/problem.ts';
import { resourcesOf, rolesByName } from './reach.ts';
import type { PolicyDraft } from './read-policy.ts';

/**
 * How many pairs of an `except` and a granted ref are judged for a warning. Two patterns take time by the product of
 * their lengths, so a file made for it could take hours; no file that people write comes near.
 */
const MAX_PAIRS = 10_000;

/** `except` drops resources that its own entry matched, with what lies below; it must drop something, and take nothing away. */
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

/** Null where the `except` is not below anything that its own entry still grants. */
function belowGrant(
  except: ResourceRef,
  resources: readonly GrantedResource[],
  grant: Grant,
): readonly Problem[] | null {
  const above = resources.find(({ resource }) => stillGrants(resource, except) && !isDropped(resource, grant.except));
  if (!above) return null;
  const message = `${except.text} lies below ${above.resource.text}, which this entry grants: there is no deny`;
  const remedy = `grant what is meant below it, one by one or by a pattern, in place of ${above.resource.text}`;
  return [errorAt(except.at, 'except-below-grant', message, remedy)];
}

function withoutEffect(except: ResourceRef, resources: readonly GrantedResource[]): readonly Problem[] {
  if (resources.some(({ resource }) => covers(except.selector, resource.selector) !== 'never')) return [];
  const message = `${except.text} is nothing that this entry grants, so it drops nothing`;
  return [warningAt(except.at, 'except-without-effect', message, 'correct the name, or delete it')];
}

/** Whether the entry's ref gives everything that `except` means by a resource above it. */
function stillGrants(given: ResourceRef, except: ResourceRef): boolean {
  if (given.selector.type === except.selector.type) return false;
  return coversCertainly(given.selector, except.selector);
}

function isDropped(resource: ResourceRef, excepts: readonly ResourceRef[]): boolean {
  return excepts.some((except) => coversCertainly(except.selector, resource.selector));
}

function takesAll(grant: Grant, resources: readonly GrantedResource[]): readonly Problem[] {
  if (!resources.every(({ resource }) => isDropped(resource, grant.except))) return [];
  const message = '`except` drops everything that this entry grants; whom it names then holds nothing by it';
  return [warningAt(grant.at, 'except-takes-all', message, 'narrow `except`, or delete the entry')];
}
