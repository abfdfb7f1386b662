import { type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { Grant, GrantedResource, Group, MemberRef, Role } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';

/** The deepest nesting of groups. People need 3. Code that looks into groups recurses, so the bound applies everywhere. */
export const MAX_GROUP_DEPTH = 32;

/** Finds the first matching principal in a list of members and in their groups. */
export type Finder = (members: readonly MemberRef[]) => PrincipalName | undefined;

/**
 * Makes a finder that looks into each group once, no matter how many lists name it. A file may contain thousands of groups,
 * and expanding each would take the product of their sizes. Unknown groups and cycles contain no one here.
 */
export function finderOf(groups: readonly Group[], isMeant: (name: PrincipalName) => boolean): Finder {
  const declared = new Map(groups.map((group) => [group.name, group.members]));
  const known = new Map<string, PrincipalName | undefined>();

  function inGroup(name: string, depth: number): PrincipalName | undefined {
    if (known.has(name) || depth > MAX_GROUP_DEPTH) return known.get(name);
    known.set(name, undefined);
    const found = find(declared.get(name) ?? [], depth);
    known.set(name, found);
    return found;
  }

  function find(members: readonly MemberRef[], depth: number): PrincipalName | undefined {
    for (const { member } of members) {
      if ('email' in member || 'token' in member) {
        if (isMeant(member)) return member;
      } else {
        const found = inGroup(member.group, depth + 1);
        if (found) return found;
      }
    }
    return undefined;
  }

  return (members) => find(members, 0);
}

/** Finds the principal of a list of members and their groups whose `ends` comes last. Null if none is meant. */
export type LatestFinder = (members: readonly MemberRef[]) => Latest | null;

/** A principal, and when their `ends` comes. Infinity if they have none. */
export interface Latest {
  readonly name: PrincipalName;
  readonly end: Instant;
}

/** As `finderOf`, for the principal that keeps access the longest. It looks into each group once as well. */
export function latestOf(
  groups: readonly Group[],
  isMeant: (name: PrincipalName) => boolean,
  ends: ReadonlyMap<string, Instant>,
): LatestFinder {
  const declared = new Map(groups.map((group) => [group.name, group.members]));
  const known = new Map<string, Latest | null>();

  function inGroup(name: string, depth: number): Latest | null {
    const before = known.get(name);
    if (before !== undefined || depth > MAX_GROUP_DEPTH) return before ?? null;
    known.set(name, null);
    const found = find(declared.get(name) ?? [], depth);
    known.set(name, found);
    return found;
  }

  function find(members: readonly MemberRef[], depth: number): Latest | null {
    let latest: Latest | null = null;
    for (const { member } of members) {
      const one = 'group' in member ? inGroup(member.group, depth + 1) : isMeant(member) ? lasting(member) : null;
      if (one !== null && (latest === null || one.end > latest.end)) latest = one;
    }
    return latest;
  }

  function lasting(name: PrincipalName): Latest {
    return { name, end: ('email' in name ? ends.get(name.email) : undefined) ?? Number.POSITIVE_INFINITY };
  }

  return (members) => find(members, 0);
}

/** Every principal in a list of members and in their groups, by the spelling of `principalNameText`. */
export function principalsIn(groups: readonly Group[], members: readonly MemberRef[]): ReadonlySet<string> {
  const names = new Set<string>();
  finderOf(groups, (name) => {
    names.add(principalNameText(name));
    return false;
  })(members);
  return names;
}

/** The resources of a grant or of its role. Empty if the role is unknown. */
export function resourcesOf(grant: Grant, roles: ReadonlyMap<string, Role>): readonly GrantedResource[] {
  return 'resources' in grant.gives ? grant.gives.resources : (roles.get(grant.gives.role)?.resources ?? []);
}

/** The roles by their names. */
export function rolesByName(roles: readonly Role[]): ReadonlyMap<string, Role> {
  return new Map(roles.map((role) => [role.name, role]));
}
