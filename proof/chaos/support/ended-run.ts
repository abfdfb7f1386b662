import type { Change, Plan } from '../../../src/core/domain/plan/plan.ts';
import type { Policy } from '../../../src/core/domain/policy/policy.ts';
import type { RunEnd, RunEnded } from '../../../src/core/domain/run/daemon-event.ts';
import type { RunResult } from '../../../src/core/domain/run/run-result.ts';
import type { ErrorCode } from '../../../src/core/domain/text/error.ts';
import type { RunRecord } from './run-record.ts';

/** How the newest run ended. */
export interface EndedRun {
  readonly end: RunEnd;
  readonly policy: Policy;
  /** What is left, by what it saw last. */
  readonly plan: Plan | null;
  readonly puts: number;
  readonly code: ErrorCode | null;
  /** What is left is only of tokens that nothing proves. */
  readonly isOnlyUnproven: boolean;
}

export function endedRun({ policy, writes: { length: puts } }: RunRecord, { end, result, error }: RunEnded): EndedRun {
  const plan = (result?.kind === 'written' ? result.after : result?.plan) ?? null;
  return { end, policy, plan, puts, code: error?.code ?? null, isOnlyUnproven: isOnlyUnproven(result) };
}

/** A run in one line, for whoever reads what happened. */
export function runText({ trigger, end, error }: RunEnded, puts: number): string {
  return `run by ${trigger}: ${end}${error ? ` (${error.code})` : ''}, ${puts} PUTs`;
}

/**
 * The token of these worlds is the only access that a run may leave untried, but for account admins who cannot go before others are
 * made, which waits until it is proven what a PUT takes.
 */
function isOnlyUnproven(result: RunResult | null): boolean {
  if (result?.kind !== 'written') return false;
  const waits = result.after?.deferred.some(({ reason, change }) => reason === 'put-unproven' && makesAdmin(change));
  const ending = new Set(result.outcomes.flatMap(({ change }) => (endsAdmin(change) ? [change.access] : [])));
  return result.outcomes.every(
    ({ outcome, change }) =>
      outcome === 'applied' ||
      (outcome === 'not-tried' &&
        (result.plan.unproven.includes(change.access) || (waits === true && ending.has(change.access)))),
  );
}

function makesAdmin({ resource, before, after }: Change): boolean {
  return resource.type === 'account' && before < 100 && after >= 100;
}

function endsAdmin({ resource, before, after }: Change): boolean {
  return resource.type === 'account' && before >= 100 && after < 100;
}
