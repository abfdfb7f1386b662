import type { RunEvent } from '../../core/domain/run/run-result.ts';

/** What a run does now, for the one line of progress. */
export function progressOf(event: RunEvent): string {
  switch (event.kind) {
    case 'reading':
      return 'reading the account';
    case 'planned':
      return `writing ${event.plan.changes.length} changes`;
    case 'batch-ended':
      return `writing: ${event.done} of ${event.total} writes done`;
    case 'confirming':
      return `reading back what was written (${event.attempt} of at most ${event.attemptsMost})`;
    case 'trying-again':
      return `trying ${event.changes} changes again (round ${event.round})`;
  }
}
