import { type Batch, batchesOf, endsAccountAdmin, isGain } from '../../core/domain/plan/batch.ts';
import type { BatchOutcome } from '../../core/domain/run/run-result.ts';
import type { Canary } from '../../core/guard/put-canary.ts';
import { runBounded } from './run-bounded.ts';
import { type ApplyPorts, type WriteRequest, writeBatch } from './write-batch.ts';

/** How to write a whole plan. */
export interface ApplyRequest extends WriteRequest {
  /** How many principals are written at the same time. */
  readonly concurrency: number;
  readonly onCanary: (canary: Canary) => void;
  readonly onBatch: (outcome: BatchOutcome) => void;
}

/**
 * Writes an allowed plan; it only decides the order. Principals with raises come first, then the others. Last come those who
 * lose account admin, one at a time, each after a re-read that enough admins remain. A failure stops no other principal.
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
      request.onBatch(part);
    }
  }

  await runBounded(gains, request.concurrency, run);
  await runBounded(losses, request.concurrency, run);
  await runBounded(batches.filter(isLast), 1, run);
  return outcomes;
}
