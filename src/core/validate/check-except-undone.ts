import { toAccessLevel } from '../domain/account/access-level.ts';
import { principalNameText, writtenName } from '../domain/account/principal.ts';
import type { Grant, GrantedResource, MemberRef, Policy } from '../domain/policy/policy.ts';
import { coversCertainly } from '../domain/policy/ref-cover.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import { type Problem, placeText, warningAt } from '../domain/text/problem.ts';
import { finderOf, principalsIn, resourcesOf, rolesByName } from './reach.ts';
import type { PolicyDraft } from './read-policy.ts';

/** The most pairs of grants that are compared: enough for any file that people write, and a bound for a hostile one. */
const MAX_PAIRS = 100_000;

/** For how many pairs the check looks for a principal that both grants reach. */
const MAX_LOOKUPS = 1000;

/** Warns if another grant gives the same principal what an `except` drops. An `except` removes nothing that others give. */
export function checkExceptUndone({ policy }: PolicyDraft): readonly Problem[] {
  const roles = rolesByName(policy.roles);
  const given = policy.grants.map((grant) => ({ grant, resources: resourcesOf(grant, roles) }));
  const problems: Problem[] = [];
  let pairs = 0;
  let lookups = 0;
  for (const { grant, resources } of given) {
    for (const except of grant.except) {
      for (const other of given) {
        pairs += other.resources.length;
        if (pairs > MAX_PAIRS || lookups > MAX_LOOKUPS) return problems;
        if (other.grant === grant || !givesBack(other.grant, other.resources, except, resources)) continue;
        lookups += 1;
        const who = firstInBoth(policy, grant.to, other.grant.to);
        if (who !== undefined) problems.push(undone(except, other.grant, who));
      }
    }
  }
  return problems;
}

/** Whether a grant gives all of `except` back, at the level of the entry with the `except` or a higher one. */
function givesBack(
  other: Grant,
  given: readonly GrantedResource[],
  except: ResourceRef,
  resources: readonly GrantedResource[],
): boolean {
  const level = Math.max(...resources.map((granted) => toAccessLevel(granted.level)));
  return given.some(
    (granted) =>
      toAccessLevel(granted.level) >= level &&
      coversCertainly(granted.resource.selector, except.selector) &&
      !other.except.some(
        ({ selector }) =>
          coversCertainly(selector, granted.resource.selector) || coversCertainly(selector, except.selector),
      ),
  );
}

function firstInBoth(policy: Policy, one: readonly MemberRef[], other: readonly MemberRef[]): string | undefined {
  const principals = principalsIn(policy.groups, one);
  const found = finderOf(policy.groups, (name) => principals.has(principalNameText(name)))(other);
  return found && writtenName(found);
}

function undone(except: ResourceRef, other: Grant, who: string): Problem {
  const message = `the grant at ${placeText(other.at)} still gives ${who} ${except.text}`;
  return warningAt(except.at, 'except-undone', message, 'narrow the other grant too, or delete this `except`');
}
