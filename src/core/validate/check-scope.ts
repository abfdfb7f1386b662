import { type GrantLevel, toAccessLevel } from '../domain/account/access-level.ts';
import type { PrincipalName } from '../domain/account/principal.ts';
import type { Grant, GrantedResource, MemberRef, Policy, PolicyTest } from '../domain/policy/policy.ts';
import { containsByText } from '../domain/policy/ref-cover.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import { type Team, teamOfName } from '../domain/policy/team.ts';
import { errorAt, lineFrom, type Place, type Problem } from '../domain/text/problem.ts';
import { finderOf, resourcesOf, rolesByName } from './reach.ts';
import type { PolicyDraft } from './read-policy.ts';

/**
 * Reports what a team file names outside of what the root file lets it decide: resources outside `may`, a level above `upTo`, API
 * tokens that `may` does not list. Where one side is an id, the text cannot tell, and binding decides.
 */
export function checkScope({ policy }: PolicyDraft): readonly Problem[] {
  if (policy.teams.length === 0) return [];
  return [
    ...policy.grants.flatMap(scopeOfGrants(policy)),
    ...policy.tests.flatMap((test) => (test.team === null ? [] : scopeOfTest(test, test.team))),
    ...scopeOfMembers(policy),
  ];
}

/** What a role of the team's own file gives is judged at its own line, and only once. */
function scopeOfGrants({ roles: all }: Policy): (grant: Grant) => readonly Problem[] {
  const roles = rolesByName(all);
  const judged = new Set<string>();
  return (grant) => {
    const { team, gives } = grant;
    if (team === null) return [];
    const role = 'role' in gives ? gives : null;
    const isOwn = role !== null && teamOfName(role.role) !== null;
    if (isOwn && judged.has(role.role)) return [];
    if (isOwn) judged.add(role.role);
    return resourcesOf(grant, roles).flatMap((granted) =>
      scopeOfGranted(granted, team, role === null || isOwn ? granted.resource.at : role.at),
    );
  };
}

function scopeOfGranted({ resource, level }: GrantedResource, team: Team, at: Place): readonly Problem[] {
  const outside = isOutside(resource, team) ? [outsideMay(resource, team, at)] : [];
  return isAbove(level, team) ? [...outside, aboveUpTo(resource, level, team, at)] : outside;
}

function scopeOfTest({ resource }: PolicyTest, team: Team): readonly Problem[] {
  return isOutside(resource, team) ? [outsideMay(resource, team, resource.at)] : [];
}

/** Tokens that a team may not name, at the member of `to` by which its grant reaches the first of them. */
function scopeOfMembers({ groups, grants, tokens }: Policy): readonly Problem[] {
  if (tokens.length === 0) return [];
  const findAnyToken = finderOf(groups, isToken);
  const finders = new Map<Team, (members: readonly MemberRef[]) => PrincipalName | undefined>();
  return grants.flatMap(({ to, team }) => {
    if (team === null || findAnyToken(to) === undefined) return [];
    const find = finders.get(team) ?? finderOf(groups, (name) => isToken(name) && !team.tokens.includes(name.token));
    finders.set(team, find);
    return to.flatMap((member): readonly Problem[] => {
      const found = find([member]);
      return found === undefined || !isToken(found) ? [] : [foreignToken(found.token, team, member.at)];
    });
  });
}

function isToken(name: PrincipalName): name is Extract<PrincipalName, { readonly token: string }> {
  return 'token' in name;
}

function isOutside({ selector }: ResourceRef, { may }: Team): boolean {
  return !may.some((one) => containsByText(one.selector, selector) !== 'never');
}

function isAbove(level: GrantLevel, { upTo }: Team): boolean {
  return toAccessLevel(level) > toAccessLevel(upTo);
}

function outsideMay({ text }: ResourceRef, team: Team, at: Place): Problem {
  const message = `${text} is not within what the team ${team.name} may decide (${lineFrom(at, team.at)}): ${mayText(team)}`;
  return errorAt(at, 'beyond-scope', message, BEYOND_REMEDY);
}

function aboveUpTo({ text }: ResourceRef, level: GrantLevel, team: Team, at: Place): Problem {
  const message = `${level} on ${text} is more than the team ${team.name} may give (${lineFrom(at, team.at)}): ${team.upTo}`;
  return errorAt(at, 'beyond-scope', message, BEYOND_REMEDY);
}

function foreignToken(token: string, team: Team, at: Place): Problem {
  const message = `token:${token} is not among the tokens that the team ${team.name} may name (${lineFrom(at, team.at)})`;
  return errorAt(at, 'beyond-scope', message, BEYOND_REMEDY);
}

const BEYOND_REMEDY = 'ask the owners of the root file to widen this entry of `include`, or to grant it there';

/** How many of the resources a message lists. */
const LISTED_MOST = 3;

function mayText({ may }: Team): string {
  const more = may.length - LISTED_MOST;
  const listed = may.slice(0, LISTED_MOST).map(({ text }) => text);
  return may.length === 0 ? 'no resource' : `${listed.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
