import type { Plan } from '../core/domain/plan/plan.ts';
import type { Restraints, TokenPair } from '../core/domain/plan/restraints.ts';
import type { RunEnd } from '../core/domain/run/daemon-event.ts';
import type { PutLedger } from '../core/domain/run/daemon-ports.ts';
import type { WritePermit } from '../core/domain/run/lease.ts';
import type { RunObserver, RunResult } from '../core/domain/run/run-result.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import type { ReadPorts, RecalledApprovals } from '../run/reconcile/preview.ts';
import type { WritePorts } from '../run/reconcile/reconcile.ts';
import { judgeRun } from './judge-run.ts';
import type { AcceptedPolicy } from './last-good-policy.ts';
import type { RunLimits } from './run-limits.ts';

/** How much one run writes at a time. */
export interface WriteSizes {
  readonly rowsPerPut: number;
  readonly concurrency: number;
}

/** What a run may do: write for as long as its permit says, or only read. */
export type RunRight =
  | { readonly kind: 'write'; readonly open: () => Promise<WritePorts>; readonly permit: WritePermit | null }
  | { readonly kind: 'look'; readonly open: () => Promise<ReadPorts> };

export interface AccountRun extends WriteSizes {
  readonly runId: string;
  readonly policy: AcceptedPolicy;
  readonly restraints: Restraints;
  readonly limits: RunLimits;
  readonly ledger: PutLedger;
  readonly onPairProved: (pair: TokenPair) => Promise<void>;
  readonly onApproved: (plan: Plan) => Promise<void>;
  readonly recall: () => Promise<RecalledApprovals>;
  readonly onEvent: RunObserver;
}

/** What a run came to. Exactly one of `result` and `error` is null. */
export type RunOutcome =
  | { readonly end: RunEnd; readonly result: RunResult; readonly error: null }
  | { readonly end: RunEnd; readonly result: null; readonly error: GrantdError };

/** One run of the daemon. Never rejects: an error ends this run and no other. */
export async function runAccount(right: RunRight, run: AccountRun): Promise<RunOutcome> {
  const { policy, limits, restraints, runId, rowsPerPut, concurrency, ledger } = run;
  const { onPairProved, onApproved, recall, onEvent } = run;
  try {
    if (right.kind === 'look') return await lookOnly(await right.open(), run);
    const { permit } = right;
    // Loaded here, so that the first look at the policy comes sooner.
    const { reconcile } = await import('../run/reconcile/reconcile.ts');
    const result = await reconcile(
      { ...(await right.open()), ...(permit && { permit }) },
      {
        resolved: policy.resolved,
        restraints,
        agreed: null,
        ledger,
        runId,
        revision: policy.revision,
        rowsPerPut,
        concurrency,
        stop: limits.stop,
        abort: limits.abort,
        onPairProved,
        onApproved,
        recall,
        onEvent,
      },
    );
    return { end: judgeRun(result, limits.isCalledOff), result, error: null };
  } catch (thrown) {
    const error = toGrantdError(thrown, limits.abort);
    return { end: error.code === 'stopped' ? 'stopped' : 'failed', result: null, error };
  }
}

async function lookOnly(ports: ReadPorts, { policy, restraints, limits, onEvent }: AccountRun): Promise<RunOutcome> {
  const { resolved } = policy;
  const { preview } = await import('../run/reconcile/preview.ts');
  const { plan } = await preview(ports, { resolved, restraints }, limits.abort, onEvent);
  return { end: 'unled', result: { kind: 'not-written', plan }, error: null };
}

/** The reason of the signal if the run was cut off. Any other error that grantd does not throw on purpose is an internal error. */
function toGrantdError(thrown: unknown, abort: AbortSignal): GrantdError {
  // Rows are given back even after a run was cut off, and that is what everyone must hear of.
  if (thrown instanceof GrantdError && thrown.code === 'put-replaces') return thrown;
  const reason: unknown = abort.aborted ? abort.reason : null;
  if (reason instanceof GrantdError) return reason;
  if (thrown instanceof GrantdError) return thrown;
  return new GrantdError(
    'fault',
    'internal error: grantd gave up this run',
    'report the log lines of this run',
    thrown,
  );
}
