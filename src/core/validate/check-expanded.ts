import { principalNameText } from '../domain/account/principal.ts';
import { expandGroups, type Reached } from '../domain/policy/expand-groups.ts';
import type { Grant, Policy } from '../domain/policy/policy.ts';
import { errorAt, type Problem } from '../domain/text/problem.ts';
import type { PolicyDraft } from './read-policy.ts';

/** The most members of all lists together, with nested groups expanded. Grants to the same list count once. */
export const EXPANDED_MOST = 500_000;

/** The most grants of all names together. Names that the same lists contain, and that have the same `ends`, count once. */
export const HELD_MOST = 1_000_000;

/**
 * Reports a policy that is too large once its groups are expanded. Every later step keeps in memory what is counted here, so this
 * bounds them all.
 */
export function checkExpanded({ policy }: PolicyDraft): readonly Problem[] {
  const expansion = expandGroups(policy.groups, EXPANDED_MOST);
  const lists = new Map<readonly Reached[], number>();
  for (const grant of policy.grants) {
    const reached = expansion.reach(grant.to);
    lists.set(reached, (lists.get(reached) ?? 0) + 1);
    if (expansion.size > EXPANDED_MOST) return [tooManyMembers(grant)];
  }
  const last = policy.grants.at(-1);
  const held = heldIn(lists, policy);
  return last && held > HELD_MOST ? [tooManyHeld(last, held)] : [];
}

/** What `standings` keeps: for all names that are in the same lists and have the same `ends`, the grants of these lists. */
function heldIn(lists: ReadonlyMap<readonly Reached[], number>, { ends }: Policy): number {
  const endOf = new Map(ends.map(({ email, end }) => [email, `${end.at} ${end.text}`]));
  const known = new Map<string, { key: string; grants: number }>();
  for (const [number, [reached, grants]] of [...lists].entries()) {
    for (const { name } of reached) {
      const text = principalNameText(name);
      const before = known.get(text) ?? { key: ('email' in name && endOf.get(name.email)) || '', grants: 0 };
      known.set(text, { key: `${before.key},${number}`, grants: before.grants + grants });
    }
  }
  const distinct = new Map([...known.values()].map(({ key, grants }) => [key, grants]));
  return [...distinct.values()].reduce((sum, grants) => sum + grants, 0);
}

function tooManyMembers({ at }: Grant): Problem {
  const message = `the grants up to this one have more than ${EXPANDED_MOST} members together, with groups expanded; grants to the same list count once`;
  return errorAt(
    at,
    'too-many-members',
    message,
    'grant to the group alone, and give further people a grant of their own',
  );
}

function tooManyHeld({ at }: Grant, held: number): Problem {
  const message = `people and tokens have ${held} grants together, and at most ${HELD_MOST} are allowed; those with the same groups and \`ends\` count once`;
  return errorAt(
    at,
    'too-many-members',
    message,
    'put people with the same access into one group, and give several resources in one grant or a role',
  );
}
