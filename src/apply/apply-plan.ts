import type { AccountAccess } from '../domain/actual-state.ts';
import { type Batch, batchesOf, endsAccountAdmin, isGain } from '../domain/batch.ts';
import type { Change, Plan } from '../domain/plan.ts';
import type { AccountReader, AccountWriter, Clock } from '../domain/ports.ts';
import type { BatchOutcome } from '../domain/run-result.ts';
import { AdminWatch } from './admin-watch.ts';
import { lacksProof, proveToken, UNPROVEN_WITHOUT_RAISE } from './prove-token.ts';
import { runBounded } from './run-bounded.ts';
import { writeChanges } from './write-changes.ts';

export interface ApplyPorts {
  readonly reader: AccountReader;
  readonly writer: AccountWriter;
  readonly clock: Clock;
}

export interface ApplyRequest {
  readonly plan: Plan;
  /** The accesses that the plan was made from: whom this run starts with as admins. */
  readonly accesses: readonly AccountAccess[];
  /** How many account admins must remain (`limits.admins`). */
  readonly adminsMin: number;
  /** Most rows in one PUT. */
  readonly rowsPerPut: number;
  readonly concurrency: number;
  /** Begin no further PUT once this aborts; a PUT in flight goes on. */
  readonly stop: AbortSignal;
  /** Cuts off what is in flight. */
  readonly abort: AbortSignal;
  readonly onBatch: (outcome: BatchOutcome, done: number, total: number) => void;
}

/**
 * Writes a plan that may be written; decides nothing but when. Raises first, then the rest, each principal by itself; and
 * last, one at a time, what lowers or removes an account admin, each after a re-read that enough admins remain.
 * One principal's failure stops nobody else.
 */
export async function applyPlan(ports: ApplyPorts, request: ApplyRequest): Promise<readonly BatchOutcome[]> {
  const batches = batchesOf(request.plan.changes);
  const outcomes: BatchOutcome[] = [];
  const admins = new AdminWatch(ports.reader, request);
  const isLast = (batch: Batch) => batch.changes.some(endsAccountAdmin);
  const gains = batches.filter((batch) => !isLast(batch) && batch.changes.some(isGain));
  const losses = batches.filter((batch) => !isLast(batch) && !batch.changes.some(isGain));

  async function run(batch: Batch, mayWrite: () => Promise<string | null>): Promise<void> {
    const outcome = await runBatch(batch, ports, request, mayWrite);
    for (const part of outcome) {
      outcomes.push(part);
      request.onBatch(part, outcomes.length, Math.max(batches.length, outcomes.length));
    }
  }

  const always = async () => null;
  await runBounded(gains, request.concurrency, (batch) => run(batch, always));
  await runBounded(losses, request.concurrency, (batch) => run(batch, always));
  await runBounded(batches.filter(isLast), 1, (batch) => run(batch, () => admins.mayLower(batch)));
  return outcomes;
}

/** The PUTs of one principal, one after the other: what follows a failed one is not tried. */
async function runBatch(
  batch: Batch,
  ports: ApplyPorts,
  request: ApplyRequest,
  mayWrite: () => Promise<string | null>,
): Promise<readonly BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  let obstacle: string | null = lacksProof(batch, request.plan) ? UNPROVEN_WITHOUT_RAISE : null;
  for (const changes of putsOf(batch, request)) {
    obstacle ??= request.stop.aborted ? 'asked to stop' : await mayWrite();
    if (obstacle !== null) {
      outcomes.push({ changes, sent: 'not-tried', error: null, reason: obstacle });
      continue;
    }
    const error = await writeChanges(ports.writer, batch.access, changes, request.abort);
    outcomes.push({ changes, sent: error ? 'failed' : 'answered', error, reason: error?.message ?? null });
    obstacle = error ? 'the PUT before it failed' : await proveToken(batch, changes, ports, request);
  }
  return outcomes;
}

/** Cuts a batch into PUTs. The first of a token whose pair of ids is unproven holds one raise and nothing else. */
function putsOf({ access, changes }: Batch, { plan, rowsPerPut }: ApplyRequest): readonly (readonly Change[])[] {
  const isUnproven = plan.unproven.includes(access);
  const head = isUnproven ? changes.slice(0, 1) : [];
  const puts: (readonly Change[])[] = head.length > 0 ? [head] : [];
  for (let from = head.length; from < changes.length; from += rowsPerPut)
    puts.push(changes.slice(from, from + rowsPerPut));
  return puts;
}
