import { type PrincipalName, principalNameText, writtenName } from '../account/principal.ts';
import type { NamedPlace } from './entitlement.ts';
import type { Group, MemberRef } from './policy.ts';

/** A principal reached through groups: the shortest path (outermost group first), and the number of all paths. */
export interface Reached {
  readonly name: PrincipalName;
  readonly groups: readonly NamedPlace[];
  readonly ways: number;
}

/**
 * Finds every principal that a list of members reaches, nested groups included. It expands each group and each list once, so
 * all grants to one group share one value.
 */
export interface Expansion {
  reach(members: readonly MemberRef[]): readonly Reached[];
  /** How many members the lists and groups have together that were expanded so far. */
  readonly size: number;
}

/**
 * Expands groups. Of equally short paths, the first one in the text wins. Validation reports unknown groups and cycles;
 * here they reach no one. Nor does a list once there are more than `most` members, which validation reports too.
 */
export function expandGroups(groups: readonly Group[], most = Number.POSITIVE_INFINITY): Expansion {
  const declared = new Map(groups.map((group) => [group.name, group]));
  const done = new Map<string, readonly Reached[]>();
  const lists = new Map<string, readonly Reached[]>();
  const underWay = new Set<string>();
  let size = 0;

  function reachGroup(name: string): readonly Reached[] {
    const known = done.get(name);
    const group = declared.get(name);
    if (known) return known;
    if (!group || underWay.has(name) || size > most) return [];
    underWay.add(name);
    const reached = behind({ name, at: group.at }, reachAll(group.members, reachGroup));
    underWay.delete(name);
    size += reached.length;
    done.set(name, reached);
    return reached;
  }

  function reach(members: readonly MemberRef[]): readonly Reached[] {
    const [only] = members;
    if (only && members.length === 1 && 'group' in only.member) return reachGroup(only.member.group);
    const key = members.map(({ member }) => ('group' in member ? `group:${member.group}` : writtenName(member)));
    const known = lists.get(key.join('\n'));
    if (known) return known;
    if (size > most) return [];
    const reached = reachAll(members, reachGroup);
    size += reached.length;
    lists.set(key.join('\n'), reached);
    return reached;
  }

  return {
    reach,
    get size() {
      return size;
    },
  };
}

function reachAll(members: readonly MemberRef[], reachGroup: (name: string) => readonly Reached[]): readonly Reached[] {
  const shortest = new Map<string, Reached>();
  for (const { member } of members) {
    const found = 'group' in member ? reachGroup(member.group) : [{ name: member, groups: NO_GROUPS, ways: 1 }];
    for (const one of found) {
      const key = principalNameText(one.name);
      const before = shortest.get(key);
      if (!before) shortest.set(key, one);
      else {
        const nearest = one.groups.length < before.groups.length ? one : before;
        shortest.set(key, { ...nearest, ways: before.ways + one.ways });
      }
    }
  }
  return [...shortest.values()];
}

const NO_GROUPS: readonly NamedPlace[] = [];

/** The same principals with one more group before their paths. Members with one path share it. */
function behind(step: NamedPlace, reached: readonly Reached[]): readonly Reached[] {
  const paths = new Map<readonly NamedPlace[], readonly NamedPlace[]>();
  return reached.map(({ name, groups, ways }) => {
    const path = paths.get(groups) ?? [step, ...groups];
    paths.set(groups, path);
    return { name, groups: path, ways };
  });
}
