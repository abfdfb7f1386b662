import { resourceKey } from '../../core/domain/account/resource.ts';
import type { Change } from '../../core/domain/plan/plan.ts';
import type { ErrorCode } from '../../core/domain/text/error.ts';
import type { Confirmed } from './confirm-applied.ts';
import type { PlannedRun } from './make-plan.ts';
import { hasSameClock } from './preview.ts';

/** How many times one run writes, where writes failed in passing. */
export const ROUNDS_MOST = 3;

/** Failures that may be over by the next try. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'api-unreachable',
  'api-timeout',
  'api-server-error',
  'api-rate-limited',
]);

/**
 * The plan to write next: the first time the one that was seen; after a failure in passing, what a fresh read says is
 * still to do, and only changes that this run tried already, for principals of whom nothing else is to do. Null ends the run.
 * Where the last read failed, or its clock is off, an earlier one is no ground to write on.
 */
export function nextRound(seen: PlannedRun, rounds: readonly Confirmed[]): PlannedRun | null {
  const last = rounds.at(-1);
  if (last === undefined) return seen;
  if (rounds.length >= ROUNDS_MOST || last.after === null || last.error !== null || !hasSameClock(last.after))
    return null;
  if (last.after.plan.verdict !== 'allowed') return null;
  const again = new Set(
    last.batches
      .filter((batch) => batch.sent === 'not-tried' || (batch.error !== null && PASSING.has(batch.error.code)))
      .flatMap((batch) => batch.changes.map(changeKey)),
  );
  const { plan } = last.after;
  const others = new Set(plan.changes.filter((change) => !again.has(changeKey(change))).map((change) => change.access));
  const changes = plan.changes.filter((change) => !others.has(change.access));
  const hasFailed = last.batches.some((batch) => batch.error !== null && PASSING.has(batch.error.code));
  return hasFailed && changes.length > 0 ? { ...last.after, plan: { ...plan, changes } } : null;
}

function changeKey({ access, resource, before, after }: Change): string {
  return `${access} ${resourceKey(resource)} ${before} ${after}`;
}
