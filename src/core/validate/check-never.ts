import { toAccessLevel } from '../domain/account/access-level.ts';
import { type PrincipalName, principalNameText, writtenName } from '../domain/account/principal.ts';
import { matchesName } from '../domain/policy/name-pattern.ts';
import type { Grant, GrantedResource, NeverRule, Policy } from '../domain/policy/policy.ts';
import { coversCertainly, depthOf, meansCertainly } from '../domain/policy/ref-cover.ts';
import { errorAt, type Problem, placeText } from '../domain/text/problem.ts';
import { finderOf, principalsIn, resourcesOf, rolesByName } from './reach.ts';
import type { PolicyDraft } from './read-policy.ts';

/** Reports grants that break a `never` rule, at any date. It finds what the text proves; a guard checks the end state. */
export function* checkNever({ policy }: PolicyDraft): Iterable<Problem> {
  const roles = rolesByName(policy.roles);
  const given = policy.grants.map((grant) => ({ grant, resources: resourcesOf(grant, roles) }));
  for (const rule of policy.never) {
    const find = finderOf(policy.groups, namesOf(rule, policy));
    const touching = touchingOf(rule);
    for (const { grant, resources } of given) {
      const granted = touching(resources).find((one) => !isExcepted(one, rule, grant));
      const who = granted && find(grant.to);
      if (granted && who) yield broken(rule, grant, granted, who);
    }
  }
}

type Touching = (resources: readonly GrantedResource[]) => readonly GrantedResource[];

/** The resources of a list that break a rule if no `except` drops them. A role is looked through once, not for each grant. */
function touchingOf(rule: NeverRule): Touching {
  const known = new Map<readonly GrantedResource[], readonly GrantedResource[]>();
  return (resources) => {
    const before = known.get(resources);
    if (before) return before;
    const found = resources.filter((one) => touches(one, rule));
    known.set(resources, found);
    return found;
  };
}

/** Whether it gives the level on all that the rule means, or is itself all among what the rule means. */
function touches({ resource, level }: GrantedResource, rule: NeverRule): boolean {
  if (toAccessLevel(level) < toAccessLevel(rule.level)) return false;
  const [given, forbidden] = [resource.selector, rule.resource.selector];
  return meansCertainly(forbidden, given) || coversCertainly(given, forbidden);
}

function isExcepted({ resource }: GrantedResource, rule: NeverRule, { except }: Grant): boolean {
  const [given, forbidden] = [resource.selector, rule.resource.selector];
  if (meansCertainly(forbidden, given)) return except.some(({ selector }) => coversCertainly(selector, given));
  return except.some(({ selector }) => depthOf(selector) <= depthOf(given) && coversCertainly(selector, forbidden));
}

function namesOf({ who }: NeverRule, policy: Policy): (name: PrincipalName) => boolean {
  switch (who.kind) {
    case 'principal':
      return (name) => principalNameText(name) === principalNameText(who.name);
    case 'group': {
      const members = policy.groups.find(({ name }) => name === who.group)?.members ?? [];
      const principals = principalsIn(policy.groups, members);
      return (name) => principals.has(principalNameText(name));
    }
    case 'emails':
      return (name) => 'email' in name && matchesName(who.pattern, name.email);
    case 'tokens':
      return (name) => 'token' in name && matchesName(who.pattern, name.token);
  }
}

function broken(rule: NeverRule, grant: Grant, granted: GrantedResource, who: PrincipalName): Problem {
  const by = grant.gives && 'role' in grant.gives ? ` (role ${grant.gives.role})` : '';
  const message = `this grant gives ${writtenName(who)} ${granted.level} on ${granted.resource.text}${by}, which \`never\` forbids: ${rule.whoText}, ${rule.resource.text}, ${rule.level} (${placeText(rule.at)})`;
  return errorAt(grant.at, 'never-broken', message, 'narrow this grant, or change the rule');
}
