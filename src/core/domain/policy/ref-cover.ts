import { foldAscii } from '../text/text.ts';
import { isExact, matchesName, type NamePattern, patternsOverlap } from './name-pattern.ts';
import type { ResourceSelector } from './resource-ref.ts';

/** What two spellings alone prove: of all resources, perhaps of some, or of none. */
export type Certainty = 'certain' | 'possible' | 'never';

/** Judges whether one name means what another means. */
type JudgeNames = (a: NamePattern, b: NamePattern) => Certainty;

/**
 * Whether `a` covers `b`: whether each resource that `b` means is one that `a` means, or lies below one. The account
 * covers everything here, billing and campaigns too. `certain` is proven by the text, `possible` is not ruled out by it.
 */
export function covers(a: ResourceSelector, b: ResourceSelector): Certainty {
  return judgeCover(a, b, judgeNames);
}

/** As `covers` where only proof counts: takes time linear in the names, so it may be asked of every pair in a file. */
export function coversCertainly(a: ResourceSelector, b: ResourceSelector): boolean {
  return judgeCover(a, b, proveNames) === 'certain';
}

/** Whether each resource that `b` means is proven to be one that `a` itself means, not one below it. */
export function meansCertainly(a: ResourceSelector, b: ResourceSelector): boolean {
  return a.type === b.type && coversCertainly(a, b);
}

/** How deep a type lies below the account, which is 0. What lies above can hold what lies below, never the reverse. */
export function depthOf(selector: ResourceSelector): number {
  if (selector.type === 'account') return 0;
  return selector.type === 'inbox' ? 2 : 1;
}

function judgeCover(a: ResourceSelector, b: ResourceSelector, judge: JudgeNames): Certainty {
  if (a.type === 'account') return 'certain';
  if (a.type === b.type) return judgeSame(a, b, judge);
  if (a.type !== 'project' || b.type !== 'inbox') return 'never';
  return 'name' in a && 'project' in b ? judge(a.name, b.project) : 'possible';
}

/** Both are of one type, and neither is the account. */
function judgeSame(a: ResourceSelector, b: ResourceSelector, judge: JudgeNames): Certainty {
  if ('id' in a && 'id' in b) return a.id === b.id ? 'certain' : 'never';
  if ('id' in a) return 'possible';
  if ('project' in a) {
    if (!('project' in b)) return 'possible';
    return both(judge(a.project, b.project), judge(a.name, b.name));
  }
  if (!('name' in a)) return 'certain';
  if (!('name' in b)) return isAnyName(a.name) ? 'certain' : 'possible';
  return a.type === 'domain' ? judge(folded(a.name), folded(b.name)) : judge(a.name, b.name);
}

function isAnyName(pattern: NamePattern): boolean {
  return pattern.parts.length > 1 && pattern.parts.every((part) => part === '');
}

/**
 * Whether `a` fits every name that fits `b`. A star of `b` stands for anything, a character that no pattern can spell
 * included, so only a star of `a` can take it in: matching `a` against the text of `b` decides.
 */
function judgeNames(a: NamePattern, b: NamePattern): Certainty {
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
