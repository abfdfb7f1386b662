import { batchesOf } from '../../core/domain/plan/batch.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import { begunParts, type TokenPair } from '../../core/domain/plan/restraints.ts';
import type { Revision } from '../../core/domain/policy/revision.ts';
import type { PutLedger, WriteJournal } from '../../core/domain/run/daemon-ports.ts';
import type { WritePermit } from '../../core/domain/run/lease.ts';
import type { AccountWriter } from '../../core/domain/run/ports.ts';
import type { AgreedPlan, BatchOutcome, RunObserver, RunResult } from '../../core/domain/run/run-result.ts';
import type { Canary } from '../../core/guard/put-canary.ts';
import { AdminWatch } from '../apply/admin-watch.ts';
import { applyPlan } from '../apply/apply-plan.ts';
import { ApprovalWatch } from '../apply/approval-watch.ts';
import { JournalWatch } from '../apply/journal-watch.ts';
import { PutWatch } from '../apply/put-watch.ts';
import { sendCanaries } from '../apply/send-canaries.ts';
import { finishCanaries } from '../apply/settle-canaries.ts';
import { SkewWatch } from '../apply/skew-watch.ts';
import { watchUnnamed } from '../apply/watch-unnamed.ts';
import { differingPlan } from './agreed-plan.ts';
import { type Confirmed, confirmApplied } from './confirm-applied.ts';
import { accessesById } from './judge-outcomes.ts';
import type { PlannedRun } from './make-plan.ts';
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
  /** Throws if this plan is not what is meant: then nothing of it is written. */
  readonly requirePlan?: (plan: Plan) => void;
  /** What is known of whether a PUT takes rows that it does not name. */
  readonly ledger: PutLedger;
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
 * One whole run: finish what an earlier one left open, read, plan, write what may be written, read again. It writes only if the plan is allowed and, if someone agreed
 * to a plan, is exactly that one. After temporary failures it plans again from a fresh read, and retries.
 */
export async function reconcile(ports: WritePorts, request: RunRequest): Promise<RunResult> {
  const { resolved, agreed, onEvent } = request;
  const puts = new PutWatch(request.ledger, ports.clock, request.rowsPerPut);
  await finishCanaries(ports, puts);
  const deferUnproven = (planned: PlannedRun) => puts.deferUnproven(planned);
  let seen = await preview(ports, { ...request, deferUnproven }, request.abort, onEvent);
  const { restraints } = seen;
  const differing = agreed && differingPlan(seen, { resolved, restraints }, agreed);
  if (agreed !== null && differing !== null) return { kind: 'stale', plan: differing, agreed };
  request.requirePlan?.(seen.plan);
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
    const writing = {
      ...request,
      plan: planned.plan,
      admins,
      approvals,
      journalWatch,
      skewWatch,
      putWatch: puts,
      onCanary: ({ batch, unnamed }: Canary) =>
        onEvent({ kind: 'canary', principal: batch.principal, rows: unnamed.length }),
      onBatch: countedBatches(planned.plan, onEvent),
    };
    const canaries = await sendCanaries(planned, ports, writing, puts);
    const plan = puts.deferUnproven(planned);
    if (rounds.length === 0) seen = { ...seen, plan };
    const batches = [...canaries, ...(await applyPlan(ports, { ...writing, plan: puts.left(plan) }))];
    const round = await confirmApplied(
      ports,
      { resolved, restraints: { ...restraints, begun, writtenByApproval }, deferUnproven, batches },
      request.abort,
      onEvent,
    );
    rounds.push(round);
    if (round.after !== null)
      await watchUnnamed(
        {
          runId: request.runId,
          planDigest: plan.digest,
          tree: planned.actual.tree,
          holders: accessesById(planned),
          batches,
          after: accessesById(round.after),
        },
        ports,
        puts,
      );
    if (request.stop.aborted || skewWatch.obstacle !== null || puts.obstacle !== null) break;
  }
  return summarizeRun(seen, rounds);
}

/** Reports each PUT that ended, the one that goes first included, and how many there are. */
function countedBatches({ changes }: Plan, onEvent: RunObserver): (outcome: BatchOutcome) => void {
  const least = batchesOf(changes).length;
  let done = 0;
  return (outcome) => {
    done += 1;
    onEvent({ kind: 'batch-ended', outcome, done, total: Math.max(least, done) });
  };
}
