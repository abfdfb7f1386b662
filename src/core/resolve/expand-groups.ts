import { type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { NamedPlace } from '../domain/policy/entitlement.ts';
import type { Group, MemberRef } from '../domain/policy/policy.ts';

/** Somebody reached through groups: the shortest way there, outermost group first, and how many ways there are in all. */
export interface Reached {
  readonly name: PrincipalName;
  readonly groups: readonly NamedPlace[];
  readonly ways: number;
}

/** Answers whom a list of members reaches, however deep groups nest. Each group is expanded once. */
export interface Expansion {
  reach(members: readonly MemberRef[]): readonly Reached[];
}

/**
 * Expands groups. Of equally short ways the one that stands first in the text wins. A group that is unknown or part of a
 * cycle is a problem of the policy that validate reports; here it reaches nobody.
 */
export function expandGroups(groups: readonly Group[]): Expansion {
  const declared = new Map(groups.map((group) => [group.name, group]));
  const done = new Map<string, readonly Reached[]>();
  const underWay = new Set<string>();

  function reachGroup(name: string): readonly Reached[] {
    const known = done.get(name);
    const group = declared.get(name);
    if (known) return known;
    if (!group || underWay.has(name)) return [];
    underWay.add(name);
    const step: NamedPlace = { name, at: group.at };
    const reached = reach(group.members).map((member) => ({ ...member, groups: [step, ...member.groups] }));
    underWay.delete(name);
    done.set(name, reached);
    return reached;
  }

  function reach(members: readonly MemberRef[]): readonly Reached[] {
    const shortest = new Map<string, Reached>();
    for (const { member } of members) {
      const found = 'group' in member ? reachGroup(member.group) : [{ name: member, groups: [], ways: 1 }];
      for (const one of found) {
        const key = principalNameText(one.name);
        const before = shortest.get(key);
        if (!before) shortest.set(key, one);
        else
          shortest.set(key, {
            ...(one.groups.length < before.groups.length ? one : before),
            ways: before.ways + one.ways,
          });
      }
    }
    return [...shortest.values()];
  }

  return { reach };
}
