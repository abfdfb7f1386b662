import type { Plan } from '../plan/plan.ts';
import type { BatchOutcome } from './run-result.ts';

/** What a run tells while it goes on: for progress on a terminal, and later for logs and metrics. Never a secret. */
export type RunEvent =
  | { readonly kind: 'reading' }
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'batch-ended'; readonly outcome: BatchOutcome; readonly done: number; readonly total: number }
  | { readonly kind: 'confirming'; readonly attempt: number; readonly attemptsMost: number }
  | { readonly kind: 'trying-again'; readonly round: number; readonly changes: number };

export type RunObserver = (event: RunEvent) => void;
