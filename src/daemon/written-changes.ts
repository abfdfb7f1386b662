import type { AccessLevel } from '../core/domain/account/access-level.ts';
import {
  CONTESTED_AFTER,
  newestWritten,
  WRITTEN_MOST,
  type WrittenChange,
} from '../core/domain/account/account-memory.ts';
import { resourceKey } from '../core/domain/account/resource.ts';
import { changeKey, requestedChanges } from '../core/domain/plan/change-key.ts';
import type { Change } from '../core/domain/plan/plan.ts';
import type { SameChange } from '../core/domain/plan/restraints.ts';
import type { Schedule } from '../core/domain/run/daemon-ports.ts';
import type { ChangeOutcome, RunResult } from '../core/domain/run/run-result.ts';
import type { Instant } from '../core/domain/text/instant.ts';

/** Three writes count together within a day, or within the time that so many slots of the schedule take. */
const COUNTED_MS = 24 * 60 * 60 * 1000;
const COUNTED_SLOTS = 4;

/** What a run shows of the changes that grantd wrote. */
export interface ShownRun {
  readonly result: RunResult;
  /** The level of a row at the first read of the run. Null if that access was not there. */
  readonly levelOf: (row: SameChange) => AccessLevel | null;
  readonly isCounted: (at: Instant) => boolean;
  readonly now: Instant;
}

/** A change that became contested, and whether it had ever been in place. */
export interface NewlyContested {
  readonly change: Change;
  readonly hasBeenInPlace: boolean;
}

/** The changes to remember after a run. */
export function writtenAfter(
  before: readonly WrittenChange[],
  run: ShownRun,
): { readonly written: readonly WrittenChange[]; readonly newlyContested: readonly NewlyContested[] } {
  const { result } = run;
  const planned = new Map(requestedChanges(result.plan).map((change) => [changeKey(change), change]));
  const plannedRows = new Set([...planned.values()].map(rowText));
  const outcomes = new Map(
    (result.kind === 'written' ? result.outcomes : []).map((one) => [changeKey(one.change), one]),
  );
  const written: WrittenChange[] = [];
  const newlyContested: NewlyContested[] = [];
  for (const earlier of before) {
    const key = changeKey(earlier);
    const change = planned.get(key);
    if (change === undefined) {
      if (!plannedRows.has(rowText(earlier))) written.push(...stillKept(earlier, run));
      continue;
    }
    const found = foundAgain(earlier, run);
    if (found.contestedSince !== null && earlier.contestedSince === null) {
      newlyContested.push({ change, hasBeenInPlace: found.hasBeenInPlace });
    }
    const outcome = outcomes.get(key);
    outcomes.delete(key);
    written.push(...afterTry(found, outcome, run));
  }
  for (const outcome of outcomes.values()) written.push(...afterTry(neverWritten(outcome.change), outcome, run));
  return { written: newestWritten(written, WRITTEN_MOST), newlyContested };
}

/** Whether a change is contested if a read finds it undone now: every one of its last writes was undone then. */
export function isContestedOnceUndone(
  { contestedSince, writtenAt }: WrittenChange,
  isCounted: (at: Instant) => boolean,
): boolean {
  return contestedSince !== null || (writtenAt.length === CONTESTED_AFTER && writtenAt.every(isCounted));
}

/**
 * Which moments count together with the present one. A moment ahead does not: the clock was set back since, and nobody knows
 * how long ago it was.
 */
export function countedAt(now: Instant, { slotsMs }: Pick<Schedule, 'slotsMs'>): (at: Instant) => boolean {
  let slots: number | null = null;
  return (at) => {
    if (at > now) return false;
    if (now - at <= COUNTED_MS) return true;
    slots ??= slotsMs(COUNTED_SLOTS);
    return now - at <= slots;
  };
}

/** A change that is not planned. It is in place and may yet be undone; or it lasted; or the policy no longer asks for it. */
function stillKept(earlier: WrittenChange, { levelOf, isCounted }: ShownRun): readonly WrittenChange[] {
  if (levelOf(earlier) !== earlier.after || !isCounted(earlier.triedAt)) return [];
  return [earlier.hasBeenInPlace ? earlier : { ...earlier, hasBeenInPlace: true }];
}

/** A change that is planned although it was written: a read that followed the write showed it undone. */
function foundAgain(earlier: WrittenChange, { isCounted, now }: ShownRun): WrittenChange {
  if (earlier.contestedSince !== null || !isContestedOnceUndone(earlier, isCounted)) return earlier;
  return { ...earlier, contestedSince: now };
}

/** With what became of it in this run. Nothing is remembered of a change that was neither written lately nor is contested. */
function afterTry(
  earlier: WrittenChange,
  outcome: ChangeOutcome | undefined,
  { isCounted, now }: ShownRun,
): readonly WrittenChange[] {
  const isTried = outcome !== undefined && outcome.sent !== 'not-tried';
  const isSeen = outcome?.outcome === 'applied';
  const counted = earlier.writtenAt.filter(isCounted);
  const isWritten = isTried && (outcome.sent === 'answered' || isSeen);
  if (!isWritten && counted.length === 0 && earlier.contestedSince === null) return [];
  if (!isTried) return [earlier];
  return [
    {
      ...earlier,
      writtenAt: isWritten ? [...counted, now].slice(-CONTESTED_AFTER) : counted,
      hasBeenInPlace: earlier.hasBeenInPlace || isSeen,
      triedAt: now,
    },
  ];
}

function neverWritten({ access, resource: { type, id }, after }: Change): WrittenChange {
  return {
    access,
    resource: { type, id },
    after,
    writtenAt: [],
    hasBeenInPlace: false,
    contestedSince: null,
    triedAt: 0,
  };
}

function rowText({ access, resource }: SameChange): string {
  return `${access} ${resourceKey(resource)}`;
}
