import type { PrincipalName } from '../domain/account/principal.ts';
import type {
  AccessShift,
  AheadShift,
  ComparedStatus,
  SilentShift,
  StatusChange,
} from '../domain/answer/comparison.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import { compareText } from '../domain/text/text.ts';
import { aheadShifts } from './compare-ahead.ts';
import { type Giving, reaches, speaksAboutAll } from './coverage.ts';
import { type Entry, entriesOf, wordsOf } from './entry.ts';
import { type JudgedPair, judgePair, type Pair, silenceOf } from './judge-pair.ts';
import { NO_COURSE } from './level-course.ts';
import type { NamedPrincipal } from './named-principals.ts';
import { gaveNow, outcomeOf, statusOf } from './policy-status.ts';

/** What two policies say of one name. */
export interface WordsDifference {
  /** With the entry that each is about, for whoever binds it to an account. */
  readonly shifts: readonly KeyedShift[];
  readonly silent: readonly { readonly shift: SilentShift; readonly key: string }[];
  readonly status: StatusChange | null;
  readonly ahead: readonly AheadShift[];
}

/** One policy, and what it says to the name in question. */
export interface PolicySide {
  readonly policy: Policy;
  readonly holder: NamedPrincipal | undefined;
}

/**
 * Compares what two policies say of one name, by their words alone. What is told as a shift is proven wherever each name
 * fits exactly one resource; words that differ and prove no shift are told as silent, so nothing is passed over.
 */
export function compareWords(name: PrincipalName, old: PolicySide, next: PolicySide, now: Instant): WordsDifference {
  const statuses = [old, next].map(({ policy, holder }) => statusOf(policy, name, holder, now));
  if (statuses[0] === statuses[1] && saysTheSame(old.holder, next.holder)) return NO_DIFFERENCE;
  const [before, after] = [view(name, old, now), view(name, next, now)];
  const outcome = outcomeOf(next.policy, name, after.status);
  const status =
    before.status === after.status
      ? null
      : { name, before: before.status, after: after.status, outcome, gave: gaveNow(before.giving.entries) };
  const aheadBeside = (shifts: readonly Keyed[], silent: readonly Keyed[]) =>
    aheadShifts(name, before.written, after.written, { shifts: keysOf(shifts), silent: keysOf(silent) });
  // Whoever is left alone keeps what they have, and what they were given is told with their status.
  if (outcome === 'keeps' && status !== null) return { shifts: [], silent: [], status, ahead: aheadBeside([], []) };
  const judged = changedPairs(before, after).map((pair) => judgePair(name, pair, before.giving, after.giving, now));
  const silences = judged.map((one) => ({ ...one, why: silenceOf(name, one, after.status, next.policy) }));
  const shifts = dropCovered(silences.filter(({ why }) => why === null));
  const silent = silences.flatMap(({ why, entry, own }) =>
    why === null ? [] : [{ shift: { why, name, resource: wordsOf(entry), ...own }, key: entry.key }],
  );
  return { shifts, silent, status, ahead: aheadBeside(shifts, silent) };
}

const NO_DIFFERENCE: WordsDifference = { shifts: [], silent: [], status: null, ahead: [] };

/** So that of many people only those few are looked at closer to whom the policies say something else. */
function saysTheSame(old: NamedPrincipal | undefined, next: NamedPrincipal | undefined): boolean {
  return old?.signature === next?.signature;
}

interface Keyed {
  readonly key: string;
}

function keysOf(told: readonly Keyed[]): ReadonlySet<string> {
  return new Set(told.map(({ key }) => key));
}

interface View {
  readonly status: ComparedStatus;
  /** As written, whether or not anything follows from it. */
  readonly written: ReadonlyMap<string, Entry>;
  /** What follows from it now: nothing for whom the policy leaves alone. */
  readonly giving: Giving;
}

function view(name: PrincipalName, { policy, holder }: PolicySide, now: Instant): View {
  const status = statusOf(policy, name, holder, now);
  const written = entriesOf(holder?.grants ?? [], now);
  const giving = { entries: status === 'named' ? written : new Map(), isWhole: speaksAboutAll(policy) };
  return { status, written, giving };
}

/** Whom both policies ignore gets nothing from either, so what is told of them is what is written. */
function changedPairs(before: View, after: View): readonly Pair[] {
  const isIgnored = after.status === 'ignored';
  const [old, next] = isIgnored ? [before.written, after.written] : [before.giving.entries, after.giving.entries];
  return [...new Map([...old, ...next])]
    .map(([key, entry]) => ({
      entry,
      own: { before: old.get(key)?.course ?? NO_COURSE, after: next.get(key)?.course ?? NO_COURSE },
    }))
    .filter(({ own }) => own.before.now !== own.after.now)
    .sort((a, b) => compareText(a.entry.key, b.entry.key));
}

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
