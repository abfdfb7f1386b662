import { plainName, teamOfName } from '../domain/policy/team.ts';
import { errorAt, lineFrom, type Place, type Problem } from '../domain/text/problem.ts';
import { foldAscii } from '../domain/text/text.ts';
import type { PolicyDraft } from './read-policy.ts';

interface Named {
  readonly name: string;
  readonly at: Place;
}

/**
 * Reports groups, roles and tokens whose names people would confuse: two that differ only by case, and one name in two files
 * that a third can use. Two teams may have the same name, because it means each one's own.
 */
export function checkConfusedNames({ policy }: PolicyDraft): readonly Problem[] {
  return [...confused(policy.groups, 'group'), ...confused(policy.roles, 'role'), ...confused(policy.tokens, 'token')];
}

function confused(named: readonly Named[], noun: string): readonly Problem[] {
  const first = new Map<string, Named>();
  const ordered = [
    ...named.filter(({ name }) => teamOfName(name) === null),
    ...named.filter(({ name }) => teamOfName(name) !== null),
  ];
  return ordered.flatMap((one): readonly Problem[] => {
    const team = teamOfName(one.name);
    const folded = foldAscii(plainName(one.name));
    const [shared, own] = [folded, `${team}/${folded}`];
    const before = first.get(shared) ?? first.get(own);
    if (before === undefined) {
      first.set(team === null ? shared : own, one);
      return [];
    }
    const name = plainName(one.name);
    const where = lineFrom(one.at, before.at);
    if (name === plainName(before.name)) {
      const message = `the ${noun} ${name} is declared at ${where} as well`;
      return [errorAt(one.at, 'name-in-two-files', message, 'rename one of them, or delete it here and use the other')];
    }
    const message = `${name} and ${plainName(before.name)} (${where}) differ only by case`;
    return [errorAt(one.at, 'similar-names', message, 'rename one of them')];
  });
}
