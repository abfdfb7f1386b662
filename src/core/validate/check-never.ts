import { toAccessLevel } from '../domain/account/access-level.ts';
import { type PrincipalName, principalNameText, writtenName } from '../domain/account/principal.ts';
import { matchesName } from '../domain/policy/name-pattern.ts';
import type { Grant, GrantedResource, NeverRule, NeverWho, Policy } from '../domain/policy/policy.ts';
import { type Certainty, covers, coversCertainly, depthOf, meansCertainly } from '../domain/policy/ref-cover.ts';
import { plainName } from '../domain/policy/team.ts';
import { errorAt, type Problem, placeText } from '../domain/text/problem.ts';
import { finderOf, principalsIn, resourcesOf, rolesByName } from './reach.ts';
import type { PolicyDraft } from './read-policy.ts';
import type { NeverResult } from './run-never-rules.ts';
import { listText } from './test-result.ts';

/** Reports grants that break a `never` rule, at any date. It finds what the text proves; a guard checks the end state. */
export function* checkNever({ policy }: PolicyDraft): Iterable<Problem> {
  const given = givenBy(policy);
  for (const rule of policy.never)
    for (const breach of breachesOf(rule, policy, given, (certainty) => certainty === 'certain')) yield broken(breach);
}

/** What the text says of each `never` rule that it does not prove broken: it is kept, or only a snapshot can decide. */
export function judgeNever(policy: Policy): readonly NeverResult[] {
  const given = givenBy(policy);
  return policy.never.map((rule) => {
    const perhaps = [...breachesOf(rule, policy, given, (certainty) => certainty !== 'never')];
    if (perhaps.length === 0) return { rule, verdict: 'passed', reason: null };
    const reason = `needs a snapshot: whether the rule is broken depends on names and ids in the account, by ${listText(perhaps.map(breachText))}`;
    return { rule, verdict: 'undecided', reason };
  });
}

/** A grant that gives someone something that a rule forbids, or may. */
interface Breach {
  readonly rule: NeverRule;
  readonly grant: Grant;
  readonly granted: GrantedResource;
  readonly who: PrincipalName;
}

/** A grant with what it gives. Grants of one role share the list. */
interface Given {
  readonly grant: Grant;
  readonly resources: readonly GrantedResource[];
}

function givenBy(policy: Policy): readonly Given[] {
  const roles = rolesByName(policy.roles);
  return policy.grants.map((grant) => ({ grant, resources: resourcesOf(grant, roles) }));
}

function* breachesOf(
  rule: NeverRule,
  policy: Policy,
  given: readonly Given[],
  isMeant: (certainty: Certainty) => boolean,
): Iterable<Breach> {
  const find = finderOf(policy.groups, namedBy(rule.who, policy));
  const reaching = reachingOf(rule);
  for (const { grant, resources } of given) {
    const granted = reaching(resources).find((one) => isMeant(breaks(one, rule, grant)));
    const who = granted && find(grant.to);
    if (granted && who) yield { rule, grant, granted, who };
  }
}

type Reaching = (resources: readonly GrantedResource[]) => readonly GrantedResource[];

/** The resources of a list that may break a rule if no `except` drops them. A role is looked through once, not for each grant. */
function reachingOf(rule: NeverRule): Reaching {
  const known = new Map<readonly GrantedResource[], readonly GrantedResource[]>();
  return (resources) => {
    const before = known.get(resources);
    if (before) return before;
    const found = resources.filter((one) => reaches(one, rule) !== 'never');
    known.set(resources, found);
    return found;
  };
}

/** Whether it gives the level on all that the rule means, or is itself all among what the rule means. */
function reaches({ resource, level }: GrantedResource, rule: NeverRule): Certainty {
  if (toAccessLevel(level) < toAccessLevel(rule.level)) return 'never';
  const [given, forbidden] = [resource.selector, rule.resource.selector];
  return meansCertainly(forbidden, given) ? 'certain' : covers(given, forbidden);
}

/** As `reaches`. An exception that may be the forbidden resource, by its name or its id, leaves it open. */
function breaks(granted: GrantedResource, rule: NeverRule, { except }: Grant): Certainty {
  const [given, forbidden] = [granted.resource.selector, rule.resource.selector];
  const reached = reaches(granted, rule);
  const exceptions = except.map(({ selector }) => selector).filter((one) => depthOf(one) <= depthOf(given));
  if (exceptions.some((one) => coversCertainly(one, given))) return 'never';
  const dropped = exceptions.map((one) => covers(one, meansCertainly(forbidden, given) ? given : forbidden));
  if (dropped.includes('certain')) return 'never';
  return reached === 'certain' && !dropped.includes('possible') ? 'certain' : 'possible';
}

/** Whether a rule names a principal. */
export function namedBy(who: NeverWho, policy: Policy): (name: PrincipalName) => boolean {
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

function broken({ rule, grant, granted, who }: Breach): Problem {
  const by = 'role' in grant.gives ? ` (role ${plainName(grant.gives.role)})` : '';
  const message = `this grant gives ${writtenName(who)} ${granted.level} on ${granted.resource.text}${by}, which \`never\` forbids: ${rule.whoText}, ${rule.resource.text}, ${rule.level} (${placeText(rule.at)})`;
  return errorAt(grant.at, 'never-broken', message, 'narrow this grant, or change the rule');
}

function breachText({ grant, granted, who }: Breach): string {
  const except = grant.except.length === 0 ? '' : ` except ${listText(grant.except.map(({ text }) => text))}`;
  return `${placeText(grant.at)} (${writtenName(who)} ${granted.level} on ${granted.resource.text}${except})`;
}
