import type { BatchOutcome, RunObserver } from '../../core/domain/run/run-result.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { accessesById, outcomeOf } from './judge-outcomes.ts';
import type { PlannedRun } from './make-plan.ts';
import { observe, type PlanRequest, type Preview, planOf, type ReadPorts, reportRead } from './preview.ts';

/** How long to wait before each read after the writes. Mailtrap does not document whether a list is current right after a PUT. */
export const CONFIRM_AFTER_MS: readonly number[] = [0, 1_000, 3_000];

/** The writes of one round, and what the account shows after them. */
export interface Confirmed {
  readonly batches: readonly BatchOutcome[];
  /** The account and the remaining plan, by the last read that succeeded; null if none did. */
  readonly after: Preview | null;
  /** Why the last read failed, if it did. */
  readonly error: GrantdError | null;
}

/**
 * Reads the account again, a few times at most, until it shows every row that was answered 2xx. A failed read is reported, and
 * the outcomes then follow the answers of the API: no change is called applied unless a read showed it.
 */
export async function confirmApplied(
  ports: ReadPorts,
  round: PlanRequest & { readonly batches: readonly BatchOutcome[] },
  signal: AbortSignal,
  onEvent: RunObserver,
): Promise<Confirmed> {
  const { resolved, batches } = round;
  let seen: Confirmed = { batches, after: null, error: null };
  for (const [index, waitMs] of CONFIRM_AFTER_MS.entries()) {
    try {
      await ports.clock.sleep(waitMs, signal);
      onEvent({ kind: 'confirming', attempt: index + 1, attemptsMost: CONFIRM_AFTER_MS.length });
      const { actual, clockAheadMs } = await observe(ports, resolved, signal);
      const after = { ...planOf(round, actual, ports.clock.now()), clockAheadMs, restraints: round.restraints };
      seen = { batches, after, error: null };
      reportRead(after, onEvent);
      if (!mayShowMore(batches, after)) break;
    } catch (error) {
      seen = { ...seen, error: readBackError(error, signal) };
      if (signal.aborted) break;
    }
  }
  return seen;
}

/** Whether a written row does not show yet: a list may lag behind. */
function mayShowMore(batches: readonly BatchOutcome[], after: PlannedRun): boolean {
  const accesses = accessesById(after);
  return batches.some((batch) =>
    batch.changes.some((change) => {
      const { outcome } = outcomeOf(change, batch, accesses);
      return outcome === 'did-not-stick' || outcome === 'changed-by-someone-else';
    }),
  );
}

/** An aborted sleep rejects with the reason of the abort. The run must still report what was written. */
function readBackError(error: unknown, signal: AbortSignal): GrantdError {
  if (error instanceof GrantdError) return error;
  if (!signal.aborted) throw error;
  return new GrantdError(
    'stopped',
    'the run was cut off before grantd read the account again',
    'run `grantd plan` to see what remains',
  );
}
