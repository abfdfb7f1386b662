import { isExact, matchesName, type NamePattern, patternsOverlap } from './name-pattern.ts';
import type { ResourceSelector } from './resource-ref.ts';
import { foldAscii } from './text.ts';

/** What two spellings alone prove: of all resources, of some that could exist, or of none. */
export type Certainty = 'certain' | 'possible' | 'never';

/** How far down a type lies: a ref can only reach what lies as deep as itself, or deeper. */
export function depthOf(selector: ResourceSelector): number {
  if (selector.type === 'account') return 0;
  return selector.type === 'inbox' ? 2 : 1;
}

/**
 * Whether `a` covers `b`: whether each resource that `b` means is one that `a` means, or lies below one. The account
 * covers everything here, billing and campaigns too. `certain` is proven by the text, `possible` is not ruled out by it.
 */
export function covers(a: ResourceSelector, b: ResourceSelector): Certainty {
  if (a.type === 'account') return 'certain';
  if (a.type === b.type) return means(a, b);
  if (a.type !== 'project' || b.type !== 'inbox') return 'never';
  if ('id' in a || 'id' in b) return 'possible';
  return namesCertainty(a.name, b.project);
}

/** Whether `a` means each resource that `b` means: the same resources, not those below. */
export function means(a: ResourceSelector, b: ResourceSelector): Certainty {
  if (a.type !== b.type) return 'never';
  if ('id' in a && 'id' in b) return a.id === b.id ? 'certain' : 'never';
  if ('id' in a) return 'possible';
  if ('id' in b) return a.type !== 'inbox' && 'name' in a && isAnyName(a.name) ? 'certain' : 'possible';
  if (a.type === 'inbox' && b.type === 'inbox') {
    return both(namesCertainty(a.project, b.project), namesCertainty(a.name, b.name));
  }
  if (a.type === 'domain' && 'name' in b) return namesCertainty(folded(a.name), folded(b.name));
  return 'name' in a && 'name' in b ? namesCertainty(a.name, b.name) : 'certain';
}

function isAnyName(pattern: NamePattern): boolean {
  return pattern.parts.length > 1 && pattern.parts.every((part) => part === '');
}

/**
 * Whether `a` fits every name that fits `b`. A star of `b` stands for anything, a character that no pattern can spell
 * included, so only a star of `a` can take it: matching `a` against the text of `b` decides.
 */
function namesCertainty(a: NamePattern, b: NamePattern): Certainty {
  if (matchesName(a, b.text)) return 'certain';
  if (isExact(b)) return 'never';
  return (isExact(a) ? matchesName(b, a.text) : patternsOverlap(a, b)) ? 'possible' : 'never';
}

function both(one: Certainty, other: Certainty): Certainty {
  if (one === 'never' || other === 'never') return 'never';
  return one === 'certain' && other === 'certain' ? 'certain' : 'possible';
}

function folded(pattern: NamePattern): NamePattern {
  return { text: foldAscii(pattern.text), parts: pattern.parts.map(foldAscii) };
}
