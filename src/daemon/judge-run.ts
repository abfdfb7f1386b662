import type { Verdict } from '../core/domain/plan/plan.ts';
import type { RunEnd } from '../core/domain/run/daemon-event.ts';
import type { RunResult } from '../core/domain/run/run-result.ts';
import type { Instant } from '../core/domain/text/instant.ts';
import type { PolicyState } from './last-good-policy.ts';

/** How a run ended that leaves such a plan. What may be written and is not in place makes it `partial`. */
function endOf(verdict: Verdict): RunEnd {
  return verdict === 'allowed' ? 'partial' : verdict;
}

/** How a run ended that read the account. `wasStopped`: the daemon had to stop, or a newer policy arrived, before the run was done. */
export function judgeRun(result: RunResult, wasStopped: boolean): RunEnd {
  if (result.kind !== 'written') return endOf(result.plan.verdict);
  const { outcomes, after } = result;
  const isAllApplied = outcomes.every(({ outcome }) => outcome === 'applied');
  const end = isAllApplied && after !== null ? endOf(after.verdict) : 'partial';
  const isCutShort = wasStopped && outcomes.every(({ outcome }) => outcome === 'applied' || outcome === 'not-tried');
  return end === 'partial' && isCutShort ? 'stopped' : end;
}

/** Whether an early retry may do what this run did not. What did not stick waits for the schedule instead. */
export function isWorthRetrying(end: RunEnd, result: RunResult | null): boolean {
  if (end === 'failed') return true;
  if (end !== 'partial' || result?.kind !== 'written') return false;
  return result.outcomes.some(
    ({ outcome }) => outcome === 'failed' || outcome === 'unconfirmed' || outcome === 'not-tried',
  );
}

/** Knows how long each new text of the policy took from the disk to the account. */
export class AppliedTexts {
  #first: string | null = null;
  #applied: string | null = null;

  /**
   * Seconds since the file was modified, if this run is the first that made the account match this text; else null. The
   * first text of the process may be old, so it does not count. Neither does the fallback policy, however complete the run.
   */
  secondsToApplied(policyState: PolicyState, end: RunEnd, now: Instant): number | null {
    if (policyState.kind !== 'current') return null;
    const { revision, modifiedAt } = policyState.policy;
    const { sha256 } = revision;
    this.#first ??= sha256;
    if (end !== 'complete' || this.#applied === sha256) return null;
    this.#applied = sha256;
    return sha256 === this.#first ? null : Math.max(0, now - modifiedAt) / 1000;
  }
}
