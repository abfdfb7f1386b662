import { isCoveredBy } from '../domain/account/effective-access.ts';
import { nameOf, type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import type { PolicyComparisonInput, PolicyOutcome, SilentShift } from '../domain/answer/comparison.ts';
import type { BoundShift } from './compare-account.ts';
import type { WordsDifference } from './compare-words.ts';
import { entryKey } from './entry.ts';

/** Returns a function that finds the differing words about one name that have no effect in the account. */
export function silentOnAccount(
  input: PolicyComparisonInput,
  bound: readonly BoundShift[],
): (words: WordsDifference) => readonly SilentShift[] {
  const { actual, old, next } = input;
  const present = new Set([
    ...actual.accesses.map(({ principal }) => principalNameText(nameOf(principal))),
    ...[old, next].flatMap(({ desired }) => desired.subjects.map(({ name }) => principalNameText(name))),
  ]);
  const moved = new Map<string, ResourceNode[]>();
  for (const { shift, node } of bound) {
    const key = principalNameText(shift.name);
    moved.set(key, [...(moved.get(key) ?? []), node]);
  }

  function isReported(name: PrincipalName, key: string): boolean {
    const meant = [old, next].flatMap((outcome) => nodesMeant(outcome, name, key));
    const own = moved.get(principalNameText(name)) ?? [];
    return own.some((node) => meant.some((one) => isCoveredBy(one, node) || isCoveredBy(node, one)));
  }

  return ({ shifts, silent }) => {
    const words: readonly SilentShift[] = shifts.flatMap(({ shift: { name, resource }, key, own }) =>
      isReported(name, key) ? [] : [{ why: 'without-effect', name, resource, ...own }],
    );
    return [...words, ...silent.map(({ shift }) => shift)].map((shift) =>
      present.has(principalNameText(shift.name)) ? shift : { ...shift, why: 'absent' },
    );
  };
}

/** The resources that words of a policy mean in the account, for a name. */
function nodesMeant({ desired }: PolicyOutcome, name: PrincipalName, key: string): readonly ResourceNode[] {
  return desired.subjects
    .filter((subject) => principalNameText(subject.name) === principalNameText(name))
    .flatMap(({ running }) => running)
    .flatMap(({ bound }) => bound.rows.filter(({ from }) => entryKey(from.resource, bound.entitlement.except) === key))
    .map(({ node }) => node);
}
