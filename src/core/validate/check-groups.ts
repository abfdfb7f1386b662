import type { Group } from '../domain/policy/policy.ts';
import { errorAt, type Place, type Problem } from '../domain/text/problem.ts';
import { MAX_GROUP_DEPTH } from './reach.ts';
import type { PolicyDraft } from './read-policy.ts';

/**
 * Reports groups that contain themselves, directly or through others: each cycle at the member that closes it. It also
 * reports groups that nest too deep, because all code that looks into groups relies on the bound. The first such group
 * ends the check.
 */
export function checkGroupNesting({ policy }: PolicyDraft): readonly Problem[] {
  const declared = new Map(policy.groups.map((group) => [group.name, group]));
  const problems: Problem[] = [];
  /** The longest chain of nested groups from each group on, including itself. */
  const heights = new Map<Group, number>();
  let tooDeep: Problem | null = null;

  function visit(group: Group, path: readonly string[]): number {
    heights.set(group, 1);
    let height = 1;
    for (const { member, at } of group.members) {
      if (!('group' in member) || tooDeep) continue;
      const next = declared.get(member.group);
      const since = path.indexOf(member.group);
      if (since >= 0) problems.push(cycleProblem([...path.slice(since), member.group], at));
      else if (next) height = Math.max(height, 1 + heightOf(next, [...path, next.name], at));
    }
    heights.set(group, height);
    return height;
  }

  function heightOf(group: Group, path: readonly string[], at: Place): number {
    const known = heights.get(group);
    if (path.length - 1 + (known ?? 1) > MAX_GROUP_DEPTH) tooDeep ??= tooDeepProblem(path, at);
    return known ?? (tooDeep ? 1 : visit(group, path));
  }

  for (const group of policy.groups) if (!heights.has(group) && !tooDeep) visit(group, [group.name]);
  return tooDeep ? [...problems, tooDeep] : problems;
}

function tooDeepProblem(path: readonly string[], at: Place): Problem {
  const message = `groups are nested more than ${MAX_GROUP_DEPTH} deep here: ${path[0]} > … > ${path.at(-1)}`;
  return errorAt(at, 'groups-too-deep', message, 'list the people of the inner group in an outer one instead');
}

function cycleProblem(cycle: readonly string[], at: Place): Problem {
  const message =
    cycle.length === 2
      ? `the group ${cycle[0]} contains itself`
      : `these groups contain each other: ${cycle.join(' > ')}`;
  return errorAt(at, 'group-cycle', message, 'delete this member, or list the people of the group instead');
}
