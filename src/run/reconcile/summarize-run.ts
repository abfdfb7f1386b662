import type { BatchOutcome, RunResult } from '../../core/domain/run/run-result.ts';
import type { Confirmed } from './confirm-applied.ts';
import { accessesById, foreignChanges, outcomeOf, rowKey } from './judge-outcomes.ts';
import type { PlannedRun } from './make-plan.ts';

/** How a row was written last, and in which round. */
interface Attempt extends Pick<BatchOutcome, 'sent' | 'reason' | 'auditHash'> {
  readonly round: number;
}

/**
 * Folds the rounds of a run into one outcome for each change of its plan, by the last read that succeeded: what an earlier read
 * showed may have changed since. Writes after that read are unconfirmed.
 */
export function summarizeRun(seen: PlannedRun, rounds: readonly Confirmed[]): RunResult {
  const lastRead = rounds.findLastIndex(({ after }) => after !== null);
  const read = rounds[lastRead]?.after ?? null;
  const accesses = read && accessesById(read);
  const attempts = lastAttempts(rounds);
  const last = rounds.at(-1);
  return {
    kind: 'written',
    plan: seen.plan,
    outcomes: seen.plan.changes.flatMap((change) => {
      const attempt = attempts.get(rowKey(change));
      return attempt ? outcomeOf(change, attempt, attempt.round <= lastRead ? accesses : null) : [];
    }),
    foreign: accesses ? foreignChanges(accessesById(seen), accesses, seen.plan.changes) : [],
    after: last?.after?.plan ?? null,
    unconfirmed: last?.error ?? null,
  };
}

/** A row that was sent once counts as sent, even if a later round did not try it: the account may show that write. */
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
