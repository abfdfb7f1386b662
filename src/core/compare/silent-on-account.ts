import { coveringChain } from '../domain/account/effective-access.ts';
import { nameOf, principalNameText } from '../domain/account/principal.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import type { PolicyComparisonInput, SilentShift } from '../domain/answer/comparison.ts';
import type { Subject } from '../domain/plan/desired-state.ts';
import type { BoundShift } from './compare-account.ts';
import type { KeyedShift, WordsDifference } from './compare-words.ts';
import { entryKey } from './entry.ts';

/** Returns a function that finds the differing words about one name that have no effect in the account. */
export function silentOnAccount(
  { actual, old, next }: PolicyComparisonInput,
  bound: readonly BoundShift[],
): (words: WordsDifference) => readonly SilentShift[] {
  const subjects = grouped([...old.desired.subjects, ...next.desired.subjects], ({ name }) => principalNameText(name));
  const moved = grouped(bound, ({ shift }) => principalNameText(shift.name));
  const present = new Set([
    ...actual.accesses.map(({ principal }) => principalNameText(nameOf(principal))),
    ...subjects.keys(),
  ]);

  function withoutEffect(shifts: readonly KeyedShift[]): readonly SilentShift[] {
    const [first] = shifts;
    if (first === undefined) return [];
    const name = principalNameText(first.shift.name);
    const isReported = reportedWords(subjects.get(name) ?? [], moved.get(name) ?? []);
    return shifts
      .filter(({ key }) => !isReported(key))
      .map(({ shift: { name, resource }, own }) => ({ why: 'without-effect', name, resource, ...own }));
  }

  return ({ shifts, silent }) =>
    [...withoutEffect(shifts), ...silent.map(({ shift }) => shift)].map((shift) =>
      present.has(principalNameText(shift.name)) ? shift : { ...shift, why: 'absent' },
    );
}

/** Whether words, by their key, mean a resource on which the access of one principal moves, or one above or below it. */
function reportedWords(subjects: readonly Subject[], moved: readonly BoundShift[]): (key: string) => boolean {
  const meant = nodesMeant(subjects);
  const own = new Set(moved.map(({ node }) => node));
  const above = new Set([...own].flatMap(coveringChain));
  return (key) =>
    meant.get(key)?.some(({ node }) => above.has(node) || coveringChain(node).some((up) => own.has(up))) ?? false;
}

/** The resources that the words of both policies mean in the account for one principal, by the key of the words. */
function nodesMeant(
  subjects: readonly Subject[],
): ReadonlyMap<string, readonly { readonly node: ResourceNode; readonly key: string }[]> {
  const held = subjects.flatMap(({ running }) => running.map(({ bound }) => bound));
  const meant = held.flatMap(({ rows, entitlement }) =>
    rows.map(({ node, from }) => ({ node, key: entryKey(from.resource, entitlement.except) })),
  );
  return grouped(meant, ({ key }) => key);
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}
