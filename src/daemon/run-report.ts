import type { DaemonObserver, RunMark } from '../core/domain/run/daemon-event.ts';
import type { RunObserver, RunResult } from '../core/domain/run/run-result.ts';
import type { Remembered } from './remember-run.ts';

/** Passes on what a run tells while it goes on. */
export function toldBy(mark: RunMark, observe: DaemonObserver): RunObserver {
  return (event) => {
    if (event.kind === 'planned') observe({ kind: 'run.planned', ...mark, plan: event.plan });
    if (event.kind === 'batch-ended') observe({ kind: 'run.put', ...mark, outcome: event.outcome });
  };
}

/** Tells what became of every change of a run. */
export function tellChanges(mark: RunMark, result: RunResult, observe: DaemonObserver): void {
  if (result.kind !== 'written') return;
  for (const outcome of result.outcomes) {
    const { change, auditHash } = outcome;
    if (outcome.outcome === 'applied') observe({ kind: 'change.applied', ...mark, change, auditHash });
    else observe({ kind: 'change.not-applied', ...mark, outcome });
  }
}

/** Tells what a run taught that nobody knew before it. */
export function tellLessons(
  mark: RunMark,
  { newlyContested, newlyDisproven }: Remembered,
  observe: DaemonObserver,
): void {
  for (const { change, hasBeenInPlace } of newlyContested) {
    observe({ kind: 'change.contested', ...mark, change, hasBeenInPlace });
  }
  for (const change of newlyDisproven) observe({ kind: 'token.disproven', ...mark, change });
}
