import { LEVEL } from '../domain/account/access-level.ts';
import type { PrincipalName } from '../domain/account/principal.ts';
import type { AheadShift, LevelTimeline } from '../domain/answer/comparison.ts';
import { type Entry, wordsOf } from './entry.ts';
import { heightOf, isSameAhead, NO_TIMELINE } from './level-timeline.ts';
import { riskOf } from './risk.ts';

/** The keys of what is already reported: as a change of access with its end, or as silent with everything ahead. */
export interface ReportedNow {
  readonly shifts: ReadonlySet<string>;
  readonly silent: ReadonlySet<string>;
}

/** Where two policies differ about the future. It compares their words, because the future account is unknown. */
export function aheadShifts(
  name: PrincipalName,
  before: ReadonlyMap<string, Entry>,
  after: ReadonlyMap<string, Entry>,
  reported: ReportedNow,
): readonly AheadShift[] {
  return [...new Map([...before, ...after])].flatMap(([key, entry]) => {
    const [old, next] = [before.get(key)?.timeline ?? NO_TIMELINE, after.get(key)?.timeline ?? NO_TIMELINE];
    if (isSameAhead(old, next) || reported.silent.has(key)) return [];
    if (reported.shifts.has(key) && isReportedNow(old, next)) return [];
    const risk = riskAhead(entry.ref.selector.type === 'account', old, next);
    return [{ risk, name, resource: wordsOf(entry), before: old, after: next }];
  });
}

/** Whether the change of now, reported with its end, is all that lies ahead. */
function isReportedNow(old: LevelTimeline, next: LevelTimeline): boolean {
  return old.now !== next.now && (old.now === LEVEL.none || isOnlyEnding(old)) && isOnlyEnding(next);
}

function isOnlyEnding({ steps }: LevelTimeline): boolean {
  return steps.every(({ level }) => level === LEVEL.none) && steps.length <= 1;
}

/** A level that only one policy reaches is as risky as it would be now. The same levels at other times are no risk. */
function riskAhead(isAccount: boolean, old: LevelTimeline, next: LevelTimeline): AheadShift['risk'] {
  const [before, after] = [heightOf(old), heightOf(next)];
  return before === after ? null : riskOf(isAccount, before, after);
}
