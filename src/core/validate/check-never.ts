import { toAccessLevel } from '../domain/account/access-level.ts';
import { type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import { matchesName } from '../domain/policy/name-pattern.ts';
import type { Grant, NeverRule, Policy, Want } from '../domain/policy/policy.ts';
import { coversCertainly, depthOf, meansCertainly } from '../domain/policy/ref-cover.ts';
import { errorAt, type Problem, placeText } from '../domain/text/problem.ts';
import { everybodyIn, finderOf, rolesByName, wantsOf } from './reach.ts';
import type { PolicyDraft } from './read-policy.ts';

/** A grant must not break an invariant, at any date. Only what the text proves is found; the end state is judged again. */
export function checkNever({ policy }: PolicyDraft): readonly Problem[] {
  const roles = rolesByName(policy.roles);
  const given = policy.grants.map((grant) => ({ grant, wants: wantsOf(grant, roles) }));
  return policy.never.flatMap((rule) => {
    const find = finderOf(policy.groups, namesOf(rule, policy));
    return given.flatMap(({ grant, wants }) => {
      const want = wants.find((one) => breaks(one, rule, grant));
      const who = want && find(grant.to);
      return want && who ? [broken(rule, grant, want, who)] : [];
    });
  });
}

/** Whether it gives the level on all that the rule means, or is itself all among what the rule means. */
function breaks({ resource, level }: Want, rule: NeverRule, { except }: Grant): boolean {
  if (toAccessLevel(level) < toAccessLevel(rule.level)) return false;
  const [wanted, forbidden] = [resource.selector, rule.resource.selector];
  if (meansCertainly(forbidden, wanted)) return !except.some(({ selector }) => coversCertainly(selector, wanted));
  if (!coversCertainly(wanted, forbidden)) return false;
  return !except.some(({ selector }) => depthOf(selector) <= depthOf(wanted) && coversCertainly(selector, forbidden));
}

function namesOf({ who }: NeverRule, policy: Policy): (name: PrincipalName) => boolean {
  switch (who.kind) {
    case 'principal':
      return (name) => principalNameText(name) === principalNameText(who.name);
    case 'group': {
      const members = policy.groups.find(({ name }) => name === who.group)?.members ?? [];
      const everybody = everybodyIn(policy.groups, members);
      return (name) => everybody.has(principalNameText(name));
    }
    case 'emails':
      return (name) => 'email' in name && matchesName(who.pattern, name.email);
    case 'tokens':
      return (name) => 'token' in name && matchesName(who.pattern, name.token);
  }
}

function broken(rule: NeverRule, grant: Grant, want: Want, who: PrincipalName): Problem {
  const by = grant.gives && 'role' in grant.gives ? ` (role ${grant.gives.role})` : '';
  const message = `gives ${principalNameText(who)} ${want.level} on ${want.resource.text}${by}, which \`never\` forbids: ${rule.whoText}, ${rule.resource.text}, ${rule.level} (${placeText(rule.at)})`;
  return errorAt(grant.at, 'never-broken', message, 'narrow this grant, or change the rule if it is no longer meant');
}
