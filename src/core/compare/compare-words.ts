import type { PrincipalName } from '../domain/account/principal.ts';
import type {
  AccessShift,
  AheadShift,
  ComparedStatus,
  SilentShift,
  StatusChange,
} from '../domain/answer/comparison.ts';
import { SHIELDED_BEFORE_MS } from '../domain/plan/desired-state.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import { compareText } from '../domain/text/text.ts';
import { aheadShifts } from './compare-ahead.ts';
import { coversAllResources, type Giving, reaches } from './coverage.ts';
import { type Entry, entriesOf, wordsOf } from './entry.ts';
import { type JudgedPair, judgePair, type Pair, silenceOf } from './judge-pair.ts';
import { NO_TIMELINE } from './level-timeline.ts';
import type { NamedPrincipal } from './named-principals.ts';
import { gaveNow, statusOf, statusOutcome } from './policy-status.ts';

/** The differences between two policies about one name. */
export interface WordsDifference {
  /** With the entry that each is about, which `silentOnAccount` binds to an account. */
  readonly shifts: readonly KeyedShift[];
  readonly silent: readonly { readonly shift: SilentShift; readonly key: string }[];
  readonly status: StatusChange | null;
  readonly ahead: readonly AheadShift[];
}

/** One policy, and its grants to the name in question. */
export interface PolicySide {
  readonly policy: Policy;
  readonly holder: NamedPrincipal | undefined;
}

/**
 * Compares two policies about one name, by their words alone. A shift is proven if every name matches exactly one resource.
 * Words that differ without a proven shift are reported as silent, so no difference is left out.
 */
export function compareWords(name: PrincipalName, old: PolicySide, next: PolicySide, now: Instant): WordsDifference {
  const statuses = [old, next].map(({ policy, holder }) => statusOf(policy, name, holder, now));
  if (statuses[0] === statuses[1] && saysTheSame(old.holder, next.holder)) return NO_DIFFERENCE;
  const [before, after] = [view(name, old, now), view(name, next, now)];
  const outcome = statusOutcome(next.policy, name, after.status);
  const status =
    before.status === after.status
      ? null
      : { name, before: before.status, after: after.status, outcome, gave: gaveNow(before.giving.entries) };
  const aheadBeside = (shifts: readonly Keyed[], silent: readonly Keyed[]) =>
    aheadShifts(name, before.written, after.written, { shifts: keysOf(shifts), silent: keysOf(silent) });
  // People whom grantd leaves alone keep everything. Their status change reports what they were given.
  if (outcome === 'keeps' && status !== null) return { shifts: [], silent: [], status, ahead: aheadBeside([], []) };
  const judged = changedPairs(before, after).map((pair) => judgePair(name, pair, before.giving, after.giving, now));
  const silences = judged.map((one) => ({
    ...one,
    why: silenceOf(name, one, after.status, next.policy) ?? (isShielded(one, after, now) ? 'shielded' : null),
  }));
  const shifts = dropCovered(silences.filter(({ why }) => why === null));
  const silent = silences.flatMap(({ why, entry, own }) =>
    why === null ? [] : [{ shift: { why, name, resource: wordsOf(entry), ...own }, key: entry.key }],
  );
  return { shifts, silent, status, ahead: aheadBeside(shifts, silent) };
}

const NO_DIFFERENCE: WordsDifference = { shifts: [], silent: [], status: null, ahead: [] };

/** A quick check, so that only the few people with a difference are compared in detail. */
function saysTheSame(old: NamedPrincipal | undefined, next: NamedPrincipal | undefined): boolean {
  return old?.signature === next?.signature;
}

interface Keyed {
  readonly key: string;
}

function keysOf(keyed: readonly Keyed[]): ReadonlySet<string> {
  return new Set(keyed.map(({ key }) => key));
}

interface View {
  readonly status: ComparedStatus;
  /** As written, whether it has an effect or not. */
  readonly written: ReadonlyMap<string, Entry>;
  /** The effect now: nothing for people whom the policy leaves alone. */
  readonly giving: Giving;
}

function view(name: PrincipalName, { policy, holder }: PolicySide, now: Instant): View {
  const status = statusOf(policy, name, holder, now);
  const written = entriesOf(holder?.grants ?? [], now);
  const giving = { entries: status === 'named' ? written : new Map(), isWhole: coversAllResources(policy) };
  return { status, written, giving };
}

/** Whether a grant of the new policy that begins soon gives an upcoming principal as much on the same words. */
function isShielded({ entry, shift }: JudgedPair, { status, written }: View, now: Instant): boolean {
  if (status !== 'upcoming') return false;
  const steps = written.get(entry.key)?.timeline.steps ?? [];
  return steps.some(({ at, level }) => at - now <= SHIELDED_BEFORE_MS && level >= shift.before.level);
}

/** Ignored people get nothing from either policy, so their written entries are compared instead. */
function changedPairs(before: View, after: View): readonly Pair[] {
  const isIgnored = after.status === 'ignored';
  const [old, next] = isIgnored ? [before.written, after.written] : [before.giving.entries, after.giving.entries];
  return [...new Map([...old, ...next])]
    .map(([key, entry]) => ({
      entry,
      own: { before: old.get(key)?.timeline ?? NO_TIMELINE, after: next.get(key)?.timeline ?? NO_TIMELINE },
    }))
    .filter(({ own }) => own.before.now !== own.after.now)
    .sort((a, b) => compareText(a.entry.key, b.entry.key));
}

/** One shift, with the entry that it is about and what the entry says by itself. */
export interface KeyedShift {
  readonly shift: AccessShift;
  readonly key: string;
  readonly own: JudgedPair['own'];
}

/** Leaves out a shift below another one that leads to the same level, and counts it there. A gain may be smaller below. */
function dropCovered(pairs: readonly JudgedPair[]): readonly KeyedShift[] {
  const tops = pairs.filter((pair) => !pairs.some((other) => other !== pair && isReportedBy(pair, other)));
  const below = new Map<Entry, number>();
  const reported = pairs.filter((pair) => {
    const top = tops.find((other) => other !== pair && isReportedBy(pair, other));
    if (top) below.set(top.entry, (below.get(top.entry) ?? 0) + 1);
    return top === undefined;
  });
  return reported.map(({ shift, entry, own }) => ({
    shift: { ...shift, below: below.get(entry) ?? 0 },
    key: entry.key,
    own,
  }));
}

function isReportedBy(pair: JudgedPair, top: JudgedPair): boolean {
  const { before, after } = pair.shift;
  const isGain = after.level > before.level && top.shift.after.level > top.shift.before.level;
  const isAlike = after.level === top.shift.after.level && (isGain || before.level === top.shift.before.level);
  if (!isAlike || before.perhaps !== null || after.perhaps !== null) return false;
  if (reaches(top.entry, pair.entry, true) !== 'certain') return false;
  return reaches(pair.entry, top.entry, true) !== 'certain';
}
