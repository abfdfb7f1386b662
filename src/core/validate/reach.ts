import { type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { Grant, GrantedResource, Group, MemberRef, Role } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';

/** The deepest nesting of groups. People need 3. Code that looks into groups recurses, so the bound applies everywhere. */
export const MAX_GROUP_DEPTH = 32;

/** Finds the first matching principal in a list of members and in their groups. */
export type Finder = (members: readonly MemberRef[]) => PrincipalName | undefined;

/** Makes a finder. Unknown groups and cycles contain no one here. */
export function finderOf(groups: readonly Group[], isMeant: (name: PrincipalName) => boolean): Finder {
  const find = bestOf<PrincipalName>(groups, {
    of: (name) => (isMeant(name) ? name : null),
    isBetter: () => false,
    isBest: () => true,
  });
  return (members) => find(members) ?? undefined;
}

/** Finds the principal of a list of members and their groups whose `ends` comes last. Null if none is meant. */
export type LatestFinder = (members: readonly MemberRef[]) => Latest | null;

/** A principal, and when their `ends` comes. Infinity if they have none. */
export interface Latest {
  readonly name: PrincipalName;
  readonly end: Instant;
}

/** As `finderOf`, for the principal that keeps access the longest. */
export function latestOf(
  groups: readonly Group[],
  isMeant: (name: PrincipalName) => boolean,
  ends: ReadonlyMap<string, Instant>,
): LatestFinder {
  const endOf = (name: PrincipalName) =>
    ('email' in name ? ends.get(name.email) : undefined) ?? Number.POSITIVE_INFINITY;
  return bestOf<Latest>(groups, {
    of: (name) => (isMeant(name) ? { name, end: endOf(name) } : null),
    isBetter: (one, than) => one.end > than.end,
    isBest: ({ end }) => end === Number.POSITIVE_INFINITY,
  });
}

/** What is chosen among the principals of a list. */
interface Choice<T> {
  /** Null: the principal does not count. */
  readonly of: (name: PrincipalName) => T | null;
  readonly isBetter: (one: T, than: T) => boolean;
  /** Nothing can be better, so nobody looks on. */
  readonly isBest: (one: T) => boolean;
}

/**
 * Returns a function that chooses among the principals of a list of members and of their groups. It looks into each group once, no
 * matter how many lists name it. A file may contain thousands of groups, and expanding each would take the product of their sizes.
 */
function bestOf<T>(groups: readonly Group[], choice: Choice<T>): (members: readonly MemberRef[]) => T | null {
  const declared = new Map(groups.map((group) => [group.name, group.members]));
  const known = new Map<string, T | null>();

  function inGroup(name: string, depth: number): T | null {
    const before = known.get(name);
    if (before !== undefined || depth > MAX_GROUP_DEPTH) return before ?? null;
    known.set(name, null);
    const found = best(declared.get(name) ?? [], depth);
    known.set(name, found);
    return found;
  }

  function best(members: readonly MemberRef[], depth: number): T | null {
    let found: T | null = null;
    for (const { member } of members) {
      const one = 'group' in member ? inGroup(member.group, depth + 1) : choice.of(member);
      if (one === null || (found !== null && !choice.isBetter(one, found))) continue;
      found = one;
      if (choice.isBest(found)) return found;
    }
    return found;
  }

  return (members) => best(members, 0);
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
