import { foldAscii } from '../text/text.ts';
import { isExact, matchesName, type NamePattern, patternsOverlap } from './name-pattern.ts';
import type { ResourceSelector } from './resource-ref.ts';

/** What two spellings alone prove: true for every resource, perhaps for some, or for none. */
export type Certainty = 'certain' | 'possible' | 'never';

/** Compares the meaning of two names. */
type CompareNames = (a: NamePattern, b: NamePattern) => Certainty;

/**
 * Whether `a` covers `b`: whether each resource that `b` names is one that `a` names, or lies below one. The account
 * covers everything here, including billing and campaigns. The text proves `certain`, and does not rule out `possible`.
 */
export function covers(a: ResourceSelector, b: ResourceSelector): Certainty {
  return compareCover(a, b, compareNames);
}

/** Whether the text proves that `a` covers `b`. The time is linear in the names, so it is cheap for every pair in a file. */
export function coversCertainly(a: ResourceSelector, b: ResourceSelector): boolean {
  return compareCover(a, b, proveNames) === 'certain';
}

/** Whether the text proves that each resource that `b` names is one that `a` itself names, not one below it. */
export function meansCertainly(a: ResourceSelector, b: ResourceSelector): boolean {
  return a.type === b.type && coversCertainly(a, b);
}

/**
 * Whether everything that `b` may mean lies within `a`, as far as the text says: `possible` only where one side is an id, so that an
 * account must decide. A pattern that fits more than `a` does is not within it.
 */
export function containsByText(a: ResourceSelector, b: ResourceSelector): Certainty {
  const proven = compareCover(a, b, proveNames);
  if (proven !== 'possible') return proven;
  return 'id' in a || 'id' in b ? 'possible' : 'never';
}

/** How deep a type lies below the account, which is 0. A resource can only contain deeper ones. */
export function depthOf(selector: ResourceSelector): number {
  if (selector.type === 'account') return 0;
  return selector.type === 'inbox' ? 2 : 1;
}

function compareCover(a: ResourceSelector, b: ResourceSelector, compare: CompareNames): Certainty {
  if (a.type === 'account') return 'certain';
  if (a.type === b.type) return compareSameType(a, b, compare);
  if (a.type !== 'project' || b.type !== 'inbox') return 'never';
  return 'name' in a && 'project' in b ? compare(a.name, b.project) : 'possible';
}

/** Compares two selectors of the same type. Neither is the account. */
function compareSameType(a: ResourceSelector, b: ResourceSelector, compare: CompareNames): Certainty {
  if ('id' in a && 'id' in b) return a.id === b.id ? 'certain' : 'never';
  if ('id' in a) return 'possible';
  if ('project' in a) {
    if (!('project' in b)) return 'possible';
    return both(compare(a.project, b.project), compare(a.name, b.name));
  }
  if (!('name' in a)) return 'certain';
  if (!('name' in b)) return isAnyName(a.name) ? 'certain' : 'possible';
  return a.type === 'domain' ? compare(folded(a.name), folded(b.name)) : compare(a.name, b.name);
}

function isAnyName(pattern: NamePattern): boolean {
  return pattern.parts.length > 1 && pattern.parts.every((part) => part === '');
}

/**
 * Whether `a` matches every name that `b` matches. A star in `b` can be any text, even characters that no pattern can
 * spell, so only a star in `a` can match it. Matching `a` against the text of `b` therefore decides.
 */
function compareNames(a: NamePattern, b: NamePattern): Certainty {
  if (matchesName(a, b.text)) return 'certain';
  if (isExact(b)) return 'never';
  return (isExact(a) ? matchesName(b, a.text) : patternsOverlap(a, b)) ? 'possible' : 'never';
}

function proveNames(a: NamePattern, b: NamePattern): Certainty {
  return matchesName(a, b.text) ? 'certain' : 'possible';
}

function both(one: Certainty, other: Certainty): Certainty {
  if (one === 'never' || other === 'never') return 'never';
  return one === 'certain' && other === 'certain' ? 'certain' : 'possible';
}

function folded(pattern: NamePattern): NamePattern {
  return { text: foldAscii(pattern.text), parts: pattern.parts.map(foldAscii) };
}
