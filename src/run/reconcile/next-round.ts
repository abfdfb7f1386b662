import { resourceKey } from '../../core/domain/account/resource.ts';
import type { Change } from '../../core/domain/plan/plan.ts';
import type { ErrorCode } from '../../core/domain/text/error.ts';
import type { Confirmed } from './confirm-applied.ts';
import type { PlannedRun } from './make-plan.ts';
import { hasSameClock } from './preview.ts';

/** How many rounds of writes one run makes, if writes fail temporarily. */
export const ROUNDS_MOST = 3;

/** Temporary failures, which may be over at the next try. */
const TEMPORARY: ReadonlySet<ErrorCode> = new Set([
  'api-unreachable',
  'api-timeout',
  'api-server-error',
  'api-rate-limited',
]);

/**
 * The plan of the next round. The first round writes the plan that was seen. After a temporary failure, the next round writes
 * what a fresh read shows as remaining: only changes that this run already tried, and only for principals with no other change.
 * Null ends the run. If the last read failed or its clock is off, nothing more is written: an earlier read is too old.
 */
export function nextRound(seen: PlannedRun, rounds: readonly Confirmed[]): PlannedRun | null {
  const last = rounds.at(-1);
  if (last === undefined) return seen;
  if (rounds.length >= ROUNDS_MOST || last.after === null || last.error !== null || !hasSameClock(last.after))
    return null;
  if (last.after.plan.verdict !== 'allowed') return null;
  const again = new Set(
    last.batches
      .filter((batch) => batch.sent === 'not-tried' || (batch.error !== null && TEMPORARY.has(batch.error.code)))
      .flatMap((batch) => batch.changes.map(attemptKey)),
  );
  const { plan } = last.after;
  const others = new Set(
    plan.changes.filter((change) => !again.has(attemptKey(change))).map((change) => change.access),
  );
  const changes = plan.changes.filter((change) => !others.has(change.access));
  const hasFailed = last.batches.some((batch) => batch.error !== null && TEMPORARY.has(batch.error.code));
  return hasFailed && changes.length > 0 ? { ...last.after, plan: { ...plan, changes } } : null;
}

function attemptKey({ access, resource, before, after }: Change): string {
  return `${access} ${resourceKey(resource)} ${before} ${after}`;
}
