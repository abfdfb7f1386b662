import { type PrincipalName, principalNameText, writtenName } from '../account/principal.ts';
import type { NamedPlace } from './entitlement.ts';
import type { Group, MemberRef } from './policy.ts';
import { plainName } from './team.ts';

/** A principal reached through groups: the shortest path (outermost group first), and the number of all paths. */
export interface Reached {
  readonly name: PrincipalName;
  readonly groups: readonly NamedPlace[];
  readonly ways: number;
}

/** Finds every principal that a list of members reaches, nested groups included. The same list has one value. */
export interface Expansion {
  reach(members: readonly MemberRef[]): readonly Reached[];
  /** How many members the lists have together that were expanded so far. */
  readonly size: number;
}

/**
 * Expands groups. Of equally short paths, the first one in the text wins. Validation reports unknown groups and cycles;
 * here they reach no one. Nor does a list once there are more than `most` members, which validation reports too.
 */
export function expandGroups(groups: readonly Group[], most = Number.POSITIVE_INFINITY): Expansion {
  const declared = new Map(groups.map((group) => [group.name, group]));
  const lists = new Map<string, readonly Reached[]>();
  let size = 0;

  function reach(members: readonly MemberRef[]): readonly Reached[] {
    const key = members
      .map(({ member }) => ('group' in member ? `group:${member.group}` : writtenName(member)))
      .join('\n');
    const known = lists.get(key);
    if (known || size > most) return known ?? [];
    const reached = reachAll(members, declared);
    size += reached.length;
    lists.set(key, reached);
    return reached;
  }

  return {
    reach,
    get size() {
      return size;
    },
  };
}

type Declared = ReadonlyMap<string, Group>;

/** The members of the list itself, under an empty name, and of each group below it. */
type Below = ReadonlyMap<string, readonly MemberRef[]>;

const LIST = '';

/** It looks at each group below the list three times, however many paths lead there: for the order, the paths and the ways. */
function reachAll(members: readonly MemberRef[], declared: Declared): readonly Reached[] {
  const { below, names } = walk(members, declared);
  const nearest = nearestPaths(below, declared);
  const ways = countWays(below);
  return [...names].map((text) => ({
    ...(nearest.get(text) as Pick<Reached, 'name' | 'groups'>),
    ways: ways.get(text) as number,
  }));
}

/** The names in the order of the text, and the groups so that each comes before those that it contains. */
function walk(
  members: readonly MemberRef[],
  declared: Declared,
): { readonly below: Below; readonly names: Set<string> } {
  const names = new Set<string>();
  const met = new Set<string>();
  const finished: [string, readonly MemberRef[]][] = [];

  function visit(name: string, list: readonly MemberRef[]): void {
    for (const { member } of list) {
      const group = 'group' in member ? declared.get(member.group) : undefined;
      if (!('group' in member)) names.add(principalNameText(member));
      else if (group && !met.has(group.name)) {
        met.add(group.name);
        visit(group.name, group.members);
      }
    }
    finished.push([name, list]);
  }

  visit(LIST, members);
  return { below: new Map(finished.reverse()), names };
}

/** By name, the shortest path: breadth first, in the order of the text. Members of one group share their path. */
function nearestPaths(below: Below, declared: Declared): ReadonlyMap<string, Pick<Reached, 'name' | 'groups'>> {
  const nearest = new Map<string, Pick<Reached, 'name' | 'groups'>>();
  const paths = new Map<string, readonly NamedPlace[]>([[LIST, []]]);
  // A Map also visits what is added on the way, so it is the queue.
  for (const [name, groups] of paths) {
    for (const { member } of below.get(name) as readonly MemberRef[]) {
      const group = 'group' in member ? declared.get(member.group) : undefined;
      if (!('group' in member)) {
        const text = principalNameText(member);
        if (!nearest.has(text)) nearest.set(text, { name: member, groups });
      } else if (group && !paths.has(group.name))
        paths.set(group.name, [...groups, { name: plainName(group.name), at: group.at }]);
    }
  }
  return nearest;
}

/** By name, the number of all paths. A member that closes a cycle lies before its group, and counts nothing. */
function countWays(below: Below): ReadonlyMap<string, number> {
  const ways = new Map<string, number>();
  const waysTo = new Map<string, number>([[LIST, 1]]);
  const done = new Set<string>();
  const add = (counts: Map<string, number>, key: string, more: number) =>
    counts.set(key, (counts.get(key) ?? 0) + more);
  for (const [name, members] of below) {
    done.add(name);
    const here = waysTo.get(name) as number;
    for (const { member } of members) {
      if (!('group' in member)) add(ways, principalNameText(member), here);
      else if (!done.has(member.group)) add(waysTo, member.group, here);
    }
  }
  return ways;
}
