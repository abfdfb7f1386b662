import { givenBy, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import { isKnownLong, knownSince, principalHash } from '../domain/account/known-ends.ts';
import { nameOf, type PrincipalName, principalNameText, writtenName } from '../domain/account/principal.ts';
import { COUNTED_TOGETHER_MS } from '../domain/plan/near-dates.ts';
import type { Change } from '../domain/plan/plan.ts';
import { type Instant, instantText } from '../domain/text/instant.ts';
import { shiftFinder } from './dated-shifts.ts';
import { type GuardInput, writableSubjects } from './guard-input.ts';
import { endsBehind } from './loss-by-end.ts';

/** Names that count towards a limit although no change of this plan is theirs, by `principalNameText`. */
export type CountedLately = ReadonlyMap<string, PrincipalName>;

/** Which losses by an end count towards the limit, and why. */
export interface EndCounting {
  /** Whether a loss counts: all but those by an end that every accepted text has set for long enough. */
  counts(loss: Change): boolean;
  /** Whether the name counts an end at this moment. */
  countsEnd(name: PrincipalName, end: Instant): boolean;
  /** The end of a sentence about those of the losses that are by an end; empty if none is. */
  why(losses: readonly Change[]): string;
}

/** Judges the losses of a plan by the ends behind them. If several would have kept a row, the last to come decides. */
export function countEnds({ desired, resolved, restraints: { knownEnds } }: GuardInput): EndCounting {
  const endsOf = endsBehind(desired, resolved);
  const sinceOf = knownSince(knownEnds ?? []);
  const endOf = (loss: Change): Instant | null => {
    const ends = endsOf(loss);
    return ends.length === 0 ? null : Math.max(...ends);
  };
  const sinceBy = (name: PrincipalName, end: Instant) => sinceOf({ principal: principalHash(name), end });
  const countsEnd = (name: PrincipalName, end: Instant) => !isKnownLong(end, sinceBy(name, end));
  return {
    countsEnd,
    counts: (loss) => {
      const end = endOf(loss);
      return end === null || countsEnd(nameOf(loss.principal), end);
    },
    why: (losses) => {
      const byEnd = losses.flatMap((loss) => {
        const end = endOf(loss);
        return end === null ? [] : [{ name: nameOf(loss.principal), end }];
      });
      const [first] = [...byEnd].sort((a, b) => a.end - b.end);
      if (first === undefined) return '';
      const people = new Set(byEnd.map(({ name }) => principalNameText(name))).size;
      const since = knownEnds === null ? undefined : sinceBy(first.name, first.end);
      return `. ${people} of them ${people === 1 ? 'loses' : 'lose'} it by an end, which counts: ${whyCounted(first.end, since)}`;
    },
  };
}

/** `since` is undefined where no state is kept, and null where the state does not have the end. */
function whyCounted(end: Instant, since: Instant | null | undefined): string {
  const known =
    since === undefined
      ? 'without state, grantd cannot know since when the policy has set'
      : since === null
        ? 'grantd does not remember since when the policy has set'
        : `since ${instantText(since)} grantd has known`;
  return `${known} the end ${instantText(end)}, and an end counts unless every accepted text has set it for 24 hours before it`;
}

/** Who lost something within the last 24 hours by an end that counts. The account shows that it is gone. */
export function lostLately(input: GuardInput, { countsEnd }: Pick<EndCounting, 'countsEnd'>): CountedLately {
  const { desired, difference } = input;
  const isLate = (end: Instant) => end <= desired.now && end > desired.now - COUNTED_TOGETHER_MS;
  const writable = writableSubjects(desired);
  const lost = difference.ended.flatMap(({ access, principal, level, actual, until }) => {
    const isGone = isLate(until.at) && actual < toAccessLevel(level) && writable.get(access)?.isProtected === false;
    const name = nameOf(principal);
    return isGone && countsEnd(name, until.at) ? [name] : [];
  });
  const offboarded = desired.dated.flatMap(({ name, grants, end, presence, isProtected }) => {
    if (end === null || grants.length > 0 || presence !== 'writable' || isProtected) return [];
    return isLate(end.end.at) && countsEnd(name, end.end.at) && holdsNothing(input, name) ? [name] : [];
  });
  return byText([...lost, ...offboarded]);
}

/** Nobody knows what they held. Somebody who holds nothing any more may have lost it. */
function holdsNothing({ desired }: GuardInput, name: PrincipalName): boolean {
  const text = principalNameText(name);
  const own = desired.subjects.filter((subject) => principalNameText(subject.name) === text);
  return own.every(({ access }) => access.rows.every(({ level }) => givenBy(level) === LEVEL.none));
}

/** Who was given something by a `from` within the last 24 hours, in place or not. A renewal gives nothing. */
export function begunLately({ desired }: GuardInput, isCounted: 'any' | 'account-admin'): CountedLately {
  const { now, dated } = desired;
  const shiftsOf = shiftFinder({ after: now - COUNTED_TOGETHER_MS, to: now });
  const begun = dated
    .filter(({ presence }) => presence === 'writable')
    .filter((one) =>
      shiftsOf(one).some(({ kind, isAccountAdmin }) => kind === 'begins' && (isCounted === 'any' || isAccountAdmin)),
    );
  return byText(begun.map(({ name }) => name));
}

function byText(names: readonly PrincipalName[]): CountedLately {
  return new Map(names.map((name) => [principalNameText(name), name]));
}

/** Those of the names that a plan does not count by its changes. */
export function besides(lately: CountedLately, counted: readonly string[]): readonly string[] {
  const names = new Map(lately);
  for (const text of counted) names.delete(text);
  return [...names.values()].map(writtenName);
}

/** The end of a sentence about names that count besides; empty if there are none. */
export function alsoCounted(names: readonly string[], did: string): string {
  if (names.length === 0) return '';
  const shown = names.slice(0, 10).join(', ') + (names.length > 10 ? ` and ${names.length - 10} more` : '');
  return `. ${names.length} more ${names.length === 1 ? 'counts' : 'count'}, because they ${did} within the last 24 hours: ${shown}`;
}
