import { AdminWatch } from '../apply/admin-watch.ts';
import { applyPlan } from '../apply/apply-plan.ts';
import { JournalWatch } from '../apply/journal-watch.ts';
import type { WriteJournal } from '../domain/daemon-ports.ts';
import type { WritePermit } from '../domain/lease.ts';
import type { AccountWriter } from '../domain/ports.ts';
import type { Revision } from '../domain/revision.ts';
import type { RunObserver } from '../domain/run-event.ts';
import type { AgreedPlan, RunResult } from '../domain/run-result.ts';
import { isAgreed } from './agreed-plan.ts';
import { type Confirmed, confirmApplied } from './confirm-applied.ts';
import { nextRound } from './next-round.ts';
import { type PlanRequest, preview, type ReadPorts, requireSameClock } from './preview.ts';
import { summarizeRun } from './summarize-run.ts';

/** What a run that writes needs, besides what a preview needs. */
export interface WritePorts extends ReadPorts {
  readonly writer: AccountWriter;
  readonly journal: WriteJournal;
  /** Asked before each PUT, where another process may write to the account as well. */
  readonly permit?: WritePermit;
}

export interface RunRequest extends PlanRequest {
  /** Stands in every record of the journal. */
  readonly runId: string;
  /** Of the policy; null where nobody knows. */
  readonly revision: Revision | null;
  /** Proceed only if the plan is exactly this one; null proceeds with whatever the guards allow. */
  readonly agreed: AgreedPlan | null;
  readonly rowsPerPut: number;
  readonly concurrency: number;
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  readonly onEvent: RunObserver;
}

/**
 * One whole run: look, plan, write what may be written, read back. Nothing is written unless the plan was allowed and,
 * where somebody agreed to one, is exactly that. What failed in passing is planned anew from a fresh read and tried again.
 */
export async function reconcile(ports: WritePorts, request: RunRequest): Promise<RunResult> {
  const { resolved, restraints, agreed, onEvent } = request;
  const seen = await preview(ports, request, request.abort, onEvent);
  if (agreed !== null && !isAgreed(seen.plan, agreed)) return { kind: 'stale', plan: seen.plan, agreed };
  if (seen.plan.verdict === 'clean') return { kind: 'clean', plan: seen.plan };
  if (seen.plan.verdict !== 'allowed') return { kind: 'not-written', plan: seen.plan };
  requireSameClock(seen);

  const admins = new AdminWatch(ports.reader, {
    account: seen.actual.account,
    accesses: seen.actual.accesses,
    adminsMin: resolved.policy.limits.admins,
    abort: request.abort,
  });
  const journalWatch = new JournalWatch();
  const rounds: Confirmed[] = [];
  for (let planned = nextRound(seen, rounds); planned !== null; planned = nextRound(seen, rounds)) {
    if (rounds.length > 0)
      onEvent({ kind: 'trying-again', round: rounds.length + 1, changes: planned.plan.changes.length });
    const batches = await applyPlan(ports, {
      ...request,
      plan: planned.plan,
      admins,
      journalWatch,
      onBatch: (outcome, done, total) => onEvent({ kind: 'batch-ended', outcome, done, total }),
    });
    rounds.push(await confirmApplied(ports, { resolved, restraints, batches }, request.abort, onEvent));
    if (request.stop.aborted) break;
  }
  return summarizeRun(seen, rounds);
}
