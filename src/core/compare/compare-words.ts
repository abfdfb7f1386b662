import type { PrincipalName } from '../domain/account/principal.ts';
import type { AheadShift, ComparedStatus, SilentShift, StatusChange } from '../domain/answer/comparison.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import { compareText } from '../domain/text/text.ts';
import { aheadShifts } from './compare-ahead.ts';
import { type Giving, speaksAboutAll } from './coverage.ts';
import { dropCovered, type KeyedShift } from './drop-covered.ts';
import { type Entry, entriesOf, wordsOf } from './entry.ts';
import type { NamedHolder } from './held-grants.ts';
import { judgePair, type Pair, silenceOf } from './judge-pair.ts';
import { NO_COURSE } from './level-course.ts';
import { gaveNow, outcomeOf, standingOf } from './standing.ts';

/** What two policies say of one name. */
export interface WordsDifference {
  /** With the entry that each is about, for whoever binds it to an account. */
  readonly shifts: readonly KeyedShift[];
  readonly silent: readonly { readonly shift: SilentShift; readonly key: string }[];
  readonly standing: StatusChange | null;
  readonly ahead: readonly AheadShift[];
}

/** One policy, and what it says to the name in question. */
export interface PolicySide {
  readonly policy: Policy;
  readonly holder: NamedHolder | undefined;
}

/**
 * Compares what two policies say of one name, by their words alone. What is told as a shift is proven wherever each name
 * fits exactly one resource; words that differ and prove no shift are told as silent, so nothing is passed over.
 */
export function compareWords(name: PrincipalName, old: PolicySide, next: PolicySide, now: Instant): WordsDifference {
  const standings = [old, next].map(({ policy, holder }) => standingOf(policy, name, holder, now));
  if (standings[0] === standings[1] && saysTheSame(old.holder, next.holder)) return NO_DIFFERENCE;
  const [before, after] = [view(name, old, now), view(name, next, now)];
  const outcome = outcomeOf(next.policy, name, after.standing);
  const standing =
    before.standing === after.standing
      ? null
      : { name, before: before.standing, after: after.standing, outcome, gave: gaveNow(before.giving.entries) };
  const aheadBeside = (shifts: readonly Keyed[], silent: readonly Keyed[]) =>
    aheadShifts(name, before.written, after.written, { shifts: keysOf(shifts), silent: keysOf(silent) });
  // Whoever is left alone keeps what they have, and what they were given is told with their standing.
  if (outcome === 'keeps' && standing !== null) return { shifts: [], silent: [], standing, ahead: aheadBeside([], []) };
  const judged = changedPairs(before, after).map((pair) => judgePair(name, pair, before.giving, after.giving, now));
  const silences = judged.map((one) => ({ ...one, why: silenceOf(name, one, after.standing, next.policy) }));
  const shifts = dropCovered(silences.filter(({ why }) => why === null));
  const silent = silences.flatMap(({ why, entry, own }) =>
    why === null ? [] : [{ shift: { why, name, resource: wordsOf(entry), ...own }, key: entry.key }],
  );
  return { shifts, silent, standing, ahead: aheadBeside(shifts, silent) };
}

const NO_DIFFERENCE: WordsDifference = { shifts: [], silent: [], standing: null, ahead: [] };

/** So that of many people only those few are looked at closer to whom the policies say something else. */
function saysTheSame(old: NamedHolder | undefined, next: NamedHolder | undefined): boolean {
  return old?.signature === next?.signature;
}

interface Keyed {
  readonly key: string;
}

function keysOf(told: readonly Keyed[]): ReadonlySet<string> {
  return new Set(told.map(({ key }) => key));
}

interface View {
  readonly standing: ComparedStatus;
  /** As written, whether or not anything follows from it. */
  readonly written: ReadonlyMap<string, Entry>;
  /** What follows from it now: nothing for whom the policy leaves alone. */
  readonly giving: Giving;
}

function view(name: PrincipalName, { policy, holder }: PolicySide, now: Instant): View {
  const standing = standingOf(policy, name, holder, now);
  const written = entriesOf(holder?.held ?? [], now);
  const giving = { entries: standing === 'named' ? written : new Map(), isWhole: speaksAboutAll(policy) };
  return { standing, written, giving };
}

/** Whom both policies ignore gets nothing from either, so what is told of them is what is written. */
function changedPairs(before: View, after: View): readonly Pair[] {
  const isIgnored = after.standing === 'ignored';
  const [old, next] = isIgnored ? [before.written, after.written] : [before.giving.entries, after.giving.entries];
  return [...new Map([...old, ...next])]
    .map(([key, entry]) => ({
      entry,
      own: { before: old.get(key)?.course ?? NO_COURSE, after: next.get(key)?.course ?? NO_COURSE },
    }))
    .filter(({ own }) => own.before.now !== own.after.now)
    .sort((a, b) => compareText(a.entry.key, b.entry.key));
}
