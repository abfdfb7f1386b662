import { GrantdError } from '../domain/error.ts';
import type { RunObserver } from '../domain/run-event.ts';
import type { BatchOutcome, ChangeOutcome, ForeignChange } from '../domain/run-result.ts';
import type { ResolvedPolicy } from '../domain/wish.ts';
import { accessesOf, foreignChanges, judgeOutcomes } from './judge-outcomes.ts';
import { makePlan, type PlannedRun } from './make-plan.ts';
import { observe, type ReadPorts } from './preview.ts';

/** How long to wait before each read that follows the writes: whether a list is current right after a PUT is not documented. */
export const CONFIRM_AFTER_MS: readonly number[] = [0, 1_000, 3_000];

/** What the account shows after the writes. */
export interface Confirmed {
  readonly batches: readonly BatchOutcome[];
  readonly outcomes: readonly ChangeOutcome[];
  readonly foreign: readonly ForeignChange[];
  /** The account and what remains to do; null where it could not be read. */
  readonly after: PlannedRun | null;
  readonly error: GrantdError | null;
}

/**
 * Reads the account again until it shows every row that was answered 2xx, a few spaced times at most. A read that fails
 * is told, and leaves the outcomes to what the API answered: nothing is called applied that was not seen.
 */
export async function confirmApplied(
  ports: ReadPorts,
  run: { readonly resolved: ResolvedPolicy; readonly before: PlannedRun; readonly batches: readonly BatchOutcome[] },
  signal: AbortSignal,
  onEvent: RunObserver,
): Promise<Confirmed> {
  const { resolved, before, batches } = run;
  const planned = batches.flatMap((batch) => batch.changes);
  let seen: Confirmed = { batches, outcomes: judgeOutcomes(batches, null), foreign: [], after: null, error: null };
  for (const [index, waitMs] of CONFIRM_AFTER_MS.entries()) {
    try {
      await ports.clock.sleep(waitMs, signal);
      onEvent({ kind: 'confirming', attempt: index + 1, attemptsMost: CONFIRM_AFTER_MS.length });
      const { actual } = await observe(ports, resolved, signal);
      const after = makePlan(resolved, actual, ports.clock.now());
      const accesses = accessesOf(after);
      const foreign = foreignChanges(accessesOf(before), accesses, planned);
      seen = { batches, outcomes: judgeOutcomes(batches, accesses), foreign, after, error: null };
    } catch (error) {
      if (!(error instanceof GrantdError)) throw error;
      seen = { ...seen, error };
      if (signal.aborted) break;
    }
    if (seen.after !== null && !seen.outcomes.some(({ outcome }) => mayYetShow(outcome))) break;
  }
  return seen;
}

/** A write that was answered 2xx, or may have been taken, may show a little later. */
function mayYetShow(outcome: ChangeOutcome['outcome']): boolean {
  return outcome === 'did-not-stick' || outcome === 'changed-by-somebody-else';
}
