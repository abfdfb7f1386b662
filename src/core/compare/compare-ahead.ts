import { LEVEL } from '../domain/account/access-level.ts';
import type { PrincipalName } from '../domain/account/principal.ts';
import type { AheadShift, LevelTimeline } from '../domain/answer/comparison.ts';
import { type Entry, wordsOf } from './entry.ts';
import { heightOf, isSameAhead, NO_COURSE } from './level-course.ts';
import { riskOf } from './risk.ts';

/** The keys of what is told of now: as a shift, with its end; or as silent, with all that lies ahead. */
export interface ToldNow {
  readonly shifts: ReadonlySet<string>;
  readonly silent: ReadonlySet<string>;
}

/** Where two policies differ in what they say of later: each in its words, as nobody knows what an account will show then. */
export function aheadShifts(
  name: PrincipalName,
  before: ReadonlyMap<string, Entry>,
  after: ReadonlyMap<string, Entry>,
  told: ToldNow,
): readonly AheadShift[] {
  return [...new Map([...before, ...after])].flatMap(([key, entry]) => {
    const [old, next] = [before.get(key)?.course ?? NO_COURSE, after.get(key)?.course ?? NO_COURSE];
    if (isSameAhead(old, next) || told.silent.has(key)) return [];
    if (told.shifts.has(key) && isToldNow(old, next)) return [];
    const risk = riskAhead(entry.ref.selector.type === 'account', old, next);
    return [{ risk, name, resource: wordsOf(entry), before: old, after: next }];
  });
}

/** What begins or ends now is told with its end, and nothing else lies ahead of it. */
function isToldNow(old: LevelTimeline, next: LevelTimeline): boolean {
  return old.now !== next.now && (old.now === LEVEL.none || isOnlyEnding(old)) && isOnlyEnding(next);
}

function isOnlyEnding({ steps }: LevelTimeline): boolean {
  return steps.every(({ level }) => level === LEVEL.none) && steps.length <= 1;
}

/** A level that is reached in one policy only is a risk as it would be now; the same levels at other times are none. */
function riskAhead(isAccount: boolean, old: LevelTimeline, next: LevelTimeline): AheadShift['risk'] {
  const [before, after] = [heightOf(old), heightOf(next)];
  return before === after ? null : riskOf(isAccount, before, after);
}
