import type { Plan } from '../../core/domain/plan/plan.ts';
import { begunParts, type TokenPair } from '../../core/domain/plan/restraints.ts';
import type { Revision } from '../../core/domain/policy/revision.ts';
import type { WriteJournal } from '../../core/domain/run/daemon-ports.ts';
import type { WritePermit } from '../../core/domain/run/lease.ts';
import type { AccountWriter } from '../../core/domain/run/ports.ts';
import type { AgreedPlan, RunObserver, RunResult } from '../../core/domain/run/run-result.ts';
import { AdminWatch } from '../apply/admin-watch.ts';
import { applyPlan } from '../apply/apply-plan.ts';
import { ApprovalWatch } from '../apply/approval-watch.ts';
import { JournalWatch } from '../apply/journal-watch.ts';
import { SkewWatch } from '../apply/skew-watch.ts';
import { differingPlan } from './agreed-plan.ts';
import { type Confirmed, confirmApplied } from './confirm-applied.ts';
import { nextRound } from './next-round.ts';
import { type PlanRequest, preview, type ReadPorts, requireSameClock } from './preview.ts';
import { summarizeRun } from './summarize-run.ts';

/** The ports of a run that writes. */
export interface WritePorts extends ReadPorts {
  readonly writer: AccountWriter;
  readonly journal: WriteJournal;
  /** Set if another process may write to the account as well; checked before each PUT. */
  readonly permit?: WritePermit;
}

/** One run that writes: what it writes by, and what bounds it. */
export interface RunRequest extends PlanRequest {
  /** Recorded in every record of the journal. */
  readonly runId: string;
  /** The revision of the policy; null if unknown. */
  readonly revision: Revision | null;
  /** Proceed only if the plan is exactly this one. Null: write what the guards allow. */
  readonly agreed: AgreedPlan | null;
  /** Awaited when a write has confirmed the two ids of a token, before anything else of that token is written. */
  readonly onPairProved?: (pair: TokenPair) => Promise<void>;
  /** Awaited before the first approved change of this plan is written. If it rejects with a `GrantdError`, none of them is. */
  readonly onApproved?: (plan: Plan) => Promise<void>;
  readonly rowsPerPut: number;
  readonly concurrency: number;
  readonly stop: AbortSignal;
  readonly abort: AbortSignal;
  readonly onEvent: RunObserver;
}

/**
 * One whole run: read, plan, write what may be written, read again. It writes only if the plan is allowed and, if someone agreed
 * to a plan, is exactly that one. After temporary failures it plans again from a fresh read, and retries.
 */
export async function reconcile(ports: WritePorts, request: RunRequest): Promise<RunResult> {
  const { resolved, restraints, agreed, onEvent } = request;
  const seen = await preview(ports, request, request.abort, onEvent);
  const differing = agreed && differingPlan(seen, request, agreed);
  if (agreed !== null && differing !== null) return { kind: 'stale', plan: differing, agreed };
  if (seen.plan.verdict === 'complete') return { kind: 'complete', plan: seen.plan };
  if (seen.plan.verdict !== 'allowed') return { kind: 'not-written', plan: seen.plan };
  requireSameClock(seen);

  const skewWatch = new SkewWatch(ports.clock);
  const admins = new AdminWatch(ports.reader, {
    account: seen.actual.account,
    accesses: seen.actual.accesses,
    adminsMin: resolved.policy.limits.admins,
    skewWatch,
    abort: request.abort,
  });
  const approvals = new ApprovalWatch(seen.plan, async () => request.onApproved?.(seen.plan));
  const journalWatch = new JournalWatch();
  // The rest of an approved part has another digest, and counts as approved as well.
  const begun = begunParts(restraints.begun, seen.plan.approved);
  // What is in place is planned no longer, and what was held beside it stays held in this run.
  const writtenByApproval = seen.plan.approved.flatMap(({ changes }) => changes);
  const rounds: Confirmed[] = [];
  for (let planned = nextRound(seen, rounds); planned !== null; planned = nextRound(seen, rounds)) {
    if (rounds.length > 0)
      onEvent({ kind: 'trying-again', round: rounds.length + 1, changes: planned.plan.changes.length });
    const batches = await applyPlan(ports, {
      ...request,
      plan: planned.plan,
      admins,
      approvals,
      journalWatch,
      skewWatch,
      onBatch: (outcome, done, total) => onEvent({ kind: 'batch-ended', outcome, done, total }),
    });
    rounds.push(
      await confirmApplied(
        ports,
        { resolved, restraints: { ...restraints, begun, writtenByApproval }, batches },
        request.abort,
        onEvent,
      ),
    );
    if (request.stop.aborted || skewWatch.obstacle !== null) break;
  }
  return summarizeRun(seen, rounds);
}
