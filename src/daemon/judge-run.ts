import type { Verdict } from '../core/domain/plan/plan.ts';
import type { RunEnd } from '../core/domain/run/daemon-event.ts';
import type { RunResult } from '../core/domain/run/run-result.ts';

const NOT_WRITTEN: Readonly<Record<Verdict, RunEnd>> = {
  clean: 'clean',
  allowed: 'clean',
  held: 'held',
  paused: 'paused',
  observe: 'observed',
};

/** How a run ended that read the account. `wasStopped`: the daemon was stopped, or a newer policy came, before it was done. */
export function judgeRun(result: RunResult, wasStopped: boolean): RunEnd {
  if (result.kind !== 'written') return NOT_WRITTEN[result.plan.verdict];
  if (result.outcomes.every(({ outcome }) => outcome === 'applied')) return 'applied';
  return wasStopped && result.outcomes.every(({ outcome }) => outcome === 'applied' || outcome === 'not-tried')
    ? 'stopped'
    : 'partial';
}

/** Whether trying again soon may do what this run did not: what did not stick waits for the schedule instead. */
export function isWorthRetrying(end: RunEnd, result: RunResult | null): boolean {
  if (end === 'failed') return true;
  if (end !== 'partial' || result?.kind !== 'written') return false;
  return result.outcomes.some(
    ({ outcome }) => outcome === 'failed' || outcome === 'unconfirmed' || outcome === 'not-tried',
  );
}

/** Whether a run did what it was to do: what guards hold, a pause or a stop is no failure. */
export function isFailure(end: RunEnd): boolean {
  return end === 'failed' || end === 'partial';
}
