import type { Group } from '../domain/policy.ts';
import { errorAt, type Place, type Problem } from '../domain/problem.ts';
import type { PolicyDraft } from './read-policy.ts';

/** A group must not contain itself, directly or through others. Each way around is reported where it closes. */
export function checkGroupCycles({ policy }: PolicyDraft): readonly Problem[] {
  const declared = new Map(policy.groups.map((group) => [group.name, group]));
  const problems: Problem[] = [];
  const done = new Set<Group>();

  function visit(group: Group, path: readonly string[]): void {
    done.add(group);
    for (const { member, at } of group.members) {
      if (!('group' in member)) continue;
      const next = declared.get(member.group);
      const since = path.indexOf(member.group);
      if (since >= 0) problems.push(cycleProblem([...path.slice(since), member.group], at));
      else if (next && !done.has(next)) visit(next, [...path, next.name]);
    }
  }

  for (const group of policy.groups) if (!done.has(group)) visit(group, [group.name]);
  return problems;
}

function cycleProblem(cycle: readonly string[], at: Place): Problem {
  const message =
    cycle.length === 2
      ? `the group ${cycle[0]} contains itself`
      : `these groups contain each other: ${cycle.join(' > ')}`;
  return errorAt(at, 'group-cycle', message, 'delete this member, or list the people of the group instead');
}
