import { type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { NamedPlace } from '../domain/policy/entitlement.ts';
import type { Group, MemberRef } from '../domain/policy/policy.ts';

/** A principal reached through groups: the shortest path (outermost group first), and the number of all paths. */
export interface Reached {
  readonly name: PrincipalName;
  readonly groups: readonly NamedPlace[];
  readonly ways: number;
}

/** Finds every principal that a list of members reaches, nested groups included. It expands each group once. */
export interface Expansion {
  reach(members: readonly MemberRef[]): readonly Reached[];
}

/**
 * Expands groups. Of equally short paths, the first one in the text wins. Validation reports unknown groups and cycles;
 * here they reach no one.
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
