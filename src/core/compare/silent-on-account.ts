import { isCoveredBy } from '../domain/account/effective-access.ts';
import { nameOf, type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import type { PolicyComparisonInput, PolicyOutcome, SilentShift } from '../domain/answer/comparison.ts';
import type { BoundShift } from './compare-account.ts';
import type { WordsDifference } from './compare-words.ts';
import { entryKey } from './entry.ts';

/** Answers which of the words that differ for one name change nothing of theirs in an account. */
export function silentOnAccount(
  succession: PolicyComparisonInput,
  bound: readonly BoundShift[],
): (words: WordsDifference) => readonly SilentShift[] {
  const { actual, old, next } = succession;
  const present = new Set([
    ...actual.accesses.map(({ principal }) => principalNameText(nameOf(principal))),
    ...[old, next].flatMap(({ desired }) => desired.subjects.map(({ name }) => principalNameText(name))),
  ]);
  const moved = new Map<string, ResourceNode[]>();
  for (const { shift, node } of bound) {
    const key = principalNameText(shift.name);
    moved.set(key, [...(moved.get(key) ?? []), node]);
  }

  function isTold(name: PrincipalName, key: string): boolean {
    const meant = [old, next].flatMap((reign) => nodesMeant(reign, name, key));
    const own = moved.get(principalNameText(name)) ?? [];
    return own.some((node) => meant.some((one) => isCoveredBy(one, node) || isCoveredBy(node, one)));
  }

  return ({ shifts, silent }) => {
    const words: readonly SilentShift[] = shifts.flatMap(({ shift: { name, resource }, key, own }) =>
      isTold(name, key) ? [] : [{ why: 'without-effect', name, resource, ...own }],
    );
    return [...words, ...silent.map(({ shift }) => shift)].map((shift) =>
      present.has(principalNameText(shift.name)) ? shift : { ...shift, why: 'absent' },
    );
  };
}

/** The resources that words of a policy mean in its account, for those whom it names. */
function nodesMeant({ desired }: PolicyOutcome, name: PrincipalName, key: string): readonly ResourceNode[] {
  return desired.subjects
    .filter((subject) => principalNameText(subject.name) === principalNameText(name))
    .flatMap(({ running }) => running)
    .flatMap(({ bound }) => bound.rows.filter(({ from }) => entryKey(from.resource, bound.entitlement.except) === key))
    .map(({ node }) => node);
}
