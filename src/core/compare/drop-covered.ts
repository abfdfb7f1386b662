import type { AccessShift } from '../domain/answer/comparison.ts';
import { reaches } from './coverage.ts';
import type { Entry } from './entry.ts';
import type { JudgedPair } from './judge-pair.ts';

/** One shift, with the entry that it is about and what that says by itself. */
export interface KeyedShift {
  readonly shift: AccessShift;
  readonly key: string;
  readonly own: JudgedPair['own'];
}

/** Leaves out what lies below another shift and comes to the same level, and counts it there. A gain may be smaller below. */
export function dropCovered(pairs: readonly JudgedPair[]): readonly KeyedShift[] {
  const tops = pairs.filter((pair) => !pairs.some((other) => other !== pair && isToldBy(pair, other)));
  const below = new Map<Entry, number>();
  const told = pairs.filter((pair) => {
    const top = tops.find((other) => other !== pair && isToldBy(pair, other));
    if (top) below.set(top.entry, (below.get(top.entry) ?? 0) + 1);
    return top === undefined;
  });
  return told.map(({ shift, entry, own }) => ({
    shift: { ...shift, below: below.get(entry) ?? 0 },
    key: entry.key,
    own,
  }));
}

function isToldBy(pair: JudgedPair, top: JudgedPair): boolean {
  const { before, after } = pair.shift;
  const isGain = after.level > before.level && top.shift.after.level > top.shift.before.level;
  const isAlike = after.level === top.shift.after.level && (isGain || before.level === top.shift.before.level);
  if (!isAlike || before.perhaps !== null || after.perhaps !== null) return false;
  if (reaches(top.entry, pair.entry, true) !== 'certain') return false;
  return reaches(pair.entry, top.entry, true) !== 'certain';
}
