import type { EmitEvent, RunMark } from '../core/domain/run/daemon-event.ts';
import type { RunObserver, RunResult } from '../core/domain/run/run-result.ts';
import type { Remembered } from './remember-run.ts';

/** Passes on what a run tells while it goes on. */
export function toldBy(mark: RunMark, emit: EmitEvent): RunObserver {
  return (event) => {
    if (event.kind === 'planned') emit({ kind: 'run.planned', ...mark, plan: event.plan });
    if (event.kind === 'batch-ended') emit({ kind: 'run.put', ...mark, outcome: event.outcome });
  };
}

/** Tells what became of every change of a run. */
export function tellChanges(mark: RunMark, result: RunResult, emit: EmitEvent): void {
  if (result.kind !== 'written') return;
  for (const outcome of result.outcomes) {
    const { change, auditHash } = outcome;
    if (outcome.outcome === 'applied') emit({ kind: 'change.applied', ...mark, change, auditHash });
    else emit({ kind: 'change.not-applied', ...mark, outcome });
  }
}

/** Tells what a run taught that nobody knew before it. */
export function tellLessons(mark: RunMark, { newlyContested, newlyDisproven }: Remembered, emit: EmitEvent): void {
  for (const { change, hasBeenInPlace } of newlyContested) {
    emit({ kind: 'change.contested', ...mark, change, hasBeenInPlace });
  }
  for (const change of newlyDisproven) emit({ kind: 'token.disproven', ...mark, change });
}
