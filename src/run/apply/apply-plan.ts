import { type Batch, batchesOf, endsAccountAdmin, isGain } from '../../core/domain/plan/batch.ts';
import type { BatchOutcome } from '../../core/domain/run/run-result.ts';
import { type ApplyPorts, type WriteRequest, writeBatch } from './write-batch.ts';

export interface ApplyRequest extends WriteRequest {
  readonly concurrency: number;
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
  const isLast = (batch: Batch) => batch.changes.some(endsAccountAdmin);
  const gains = batches.filter((batch) => !isLast(batch) && batch.changes.some(isGain));
  const losses = batches.filter((batch) => !isLast(batch) && !batch.changes.some(isGain));

  async function run(batch: Batch): Promise<void> {
    for (const part of await writeBatch(batch, ports, request)) {
      outcomes.push(part);
      request.onBatch(part, outcomes.length, Math.max(batches.length, outcomes.length));
    }
  }

  await runBounded(gains, request.concurrency, run);
  await runBounded(losses, request.concurrency, run);
  await runBounded(batches.filter(isLast), 1, run);
  return outcomes;
}

/**
 * Runs the jobs in order, at most so many at a time, and waits for all of them. Should one reject, which is a bug, no
 * further one begins, and those that run are waited for before it is told: nothing goes on writing behind an error.
 */
export async function runBounded<T>(
  items: readonly T[],
  concurrency: number,
  job: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let hasFailed = false;
  async function work(): Promise<void> {
    for (const item of queue) {
      if (hasFailed) return;
      try {
        await job(item);
      } catch (error) {
        hasFailed = true;
        throw error;
      }
    }
  }
  const workers = Array.from({ length: Math.max(1, Math.min(concurrency, items.length)) }, work);
  for (const end of await Promise.allSettled(workers)) if (end.status === 'rejected') throw end.reason;
}
