import type { OpenCanary } from '../../core/domain/account/put-memory.ts';
import type { ResourceTree } from '../../core/domain/account/resource-tree.ts';
import type { NamedRow } from '../../core/domain/run/daemon-ports.ts';
import type { BatchOutcome } from '../../core/domain/run/run-result.ts';
import { ApiError } from '../../core/domain/text/error.ts';
import type { Canary, PutQuestion } from '../../core/guard/put-canary.ts';
import type { ApplyRequest } from './apply-plan.ts';
import { labelOf } from './give-back.ts';
import type { PutWatch } from './put-watch.ts';
import { settleCanary } from './settle-canaries.ts';
import { type ApplyPorts, reportProof, writeBatch } from './write-batch.ts';

/**
 * Proves that a PUT takes nothing that it does not name, before others go: one PUT alone, then a read. It does so for each kind
 * of principal that needs the proof. Throws `put-replaces` if a PUT took rows. What is not proven after this waits.
 */
export async function sendCanaries(
  planned: Pick<PutQuestion, 'plan' | 'desired' | 'actual'>,
  ports: ApplyPorts,
  request: ApplyRequest,
  watch: PutWatch,
): Promise<readonly BatchOutcome[]> {
  const outcomes: BatchOutcome[] = [];
  for (let canary = watch.next(planned); canary !== null; canary = watch.next(planned)) {
    // Nothing is sent any more, so nothing needs a proof.
    if (request.stop.aborted) break;
    const open = openCanary(canary, request, watch.ledger.api, ports.clock.now());
    if (!(await watch.begin(open, canary.batch))) break;
    request.onCanary(canary);
    const unnamed = namedRows(canary, planned.actual.tree);
    const parts = await writeBatch(canary.batch, ports, { ...request, unnamed });
    for (const part of parts) {
      outcomes.push(part);
      request.onBatch(part);
    }
    if (!parts.some(mayHaveWritten)) await watch.failed(open);
    else await settleCanary({ ...open, isAnswered: parts.some(({ sent }) => sent === 'answered') }, ports, watch);
    if (request.plan.unproven.includes(open.access) && watch.isProven(open.kind))
      await reportProof(canary.batch, request);
  }
  return outcomes;
}

function openCanary({ batch, unnamed }: Canary, { plan, runId }: ApplyRequest, api: string, now: number): OpenCanary {
  const { access, principal, changes } = batch;
  return {
    api,
    runId,
    planDigest: plan.digest,
    access,
    kind: principal.kind,
    tokenId: principal.kind === 'token' ? principal.tokenId : null,
    sentAt: now,
    isAnswered: false,
    written: changes.map(({ resource: { type, id }, after }) => ({ type, id, level: after })),
    unnamed: unnamed.map(({ type, id, level }) => ({ type, id, level })),
  };
}

function namedRows({ unnamed }: Canary, tree: ResourceTree): readonly NamedRow[] {
  return unnamed.map((row) => ({
    resource: { type: row.type, id: row.id, label: labelOf(row, tree) },
    level: row.level,
  }));
}

/** Whether a PUT left, and the API did not refuse it. */
function mayHaveWritten({ sent, error }: BatchOutcome): boolean {
  if (sent === 'not-tried') return false;
  return !(error instanceof ApiError) || error.mayHaveTakenEffect;
}
