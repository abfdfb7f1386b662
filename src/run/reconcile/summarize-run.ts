import type { BatchOutcome, RunResult } from '../../core/domain/run/run-result.ts';
import type { Confirmed } from './confirm-applied.ts';
import { accessesOf, foreignChanges, outcomeOf, rowKey } from './judge-outcomes.ts';
import type { PlannedRun } from './make-plan.ts';

/** How a row was written last, and in which round. */
interface Attempt extends Pick<BatchOutcome, 'sent' | 'reason' | 'auditHash'> {
  readonly round: number;
}

/**
 * Folds the rounds of a run into what became of each change of its plan, by the last read that succeeded: what an earlier
 * one showed may have changed since, by a write that showed late or by somebody else. What was written after it, nobody saw.
 */
export function summarizeRun(seen: PlannedRun, rounds: readonly Confirmed[]): RunResult {
  const lastRead = rounds.findLastIndex(({ after }) => after !== null);
  const read = rounds[lastRead]?.after ?? null;
  const accesses = read && accessesOf(read);
  const attempts = lastAttempts(rounds);
  const last = rounds.at(-1);
  return {
    kind: 'written',
    plan: seen.plan,
    outcomes: seen.plan.changes.flatMap((change) => {
      const attempt = attempts.get(rowKey(change));
      return attempt ? outcomeOf(change, attempt, attempt.round <= lastRead ? accesses : null) : [];
    }),
    foreign: accesses ? foreignChanges(accessesOf(seen), accesses, seen.plan.changes) : [],
    after: last?.after?.plan ?? null,
    unconfirmed: last?.error ?? null,
  };
}

/** A row that was sent once stays sent, though a later round did not try it: what the account shows may be that write. */
function lastAttempts(rounds: readonly Confirmed[]): ReadonlyMap<string, Attempt> {
  const attempts = new Map<string, Attempt>();
  for (const [round, { batches }] of rounds.entries()) {
    for (const { changes, sent, reason, auditHash } of batches) {
      for (const change of changes) {
        const earlier = attempts.get(rowKey(change));
        const wasSent = sent === 'not-tried' && earlier ? earlier : { sent, auditHash };
        attempts.set(rowKey(change), { sent: wasSent.sent, auditHash: wasSent.auditHash, reason, round });
      }
    }
  }
  return attempts;
}
