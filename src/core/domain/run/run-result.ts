import type { AccessLevel } from '../account/access-level.ts';
import type { AccessRow } from '../account/actual-state.ts';
import type { Principal } from '../account/principal.ts';
import type { Change, Plan } from '../plan/plan.ts';
import type { GrantdError } from '../text/error.ts';

/**
 * What became of one change. `changed-by-somebody-else`: the row is neither as before nor as written. `unconfirmed`: the
 * PUT was answered 2xx and the account could not be read since, so nobody knows.
 */
export type Outcome = 'applied' | 'did-not-stick' | 'failed' | 'changed-by-somebody-else' | 'unconfirmed' | 'not-tried';

export interface ChangeOutcome {
  readonly change: Change;
  readonly outcome: Outcome;
  /** The level that the last read showed; null where no read came after the write. */
  readonly found: AccessLevel | null;
  /** Why it failed or was not tried, in a sentence; null for the rest. */
  readonly reason: string | null;
  /** As of its PUT. */
  readonly auditHash: string | null;
}

/** A row that nobody planned to change and that changed between the two reads. */
export interface ForeignChange {
  readonly principal: Principal;
  readonly access: number;
  readonly row: AccessRow;
  readonly before: AccessLevel;
}

/** How one bulk PUT ended. */
export interface BatchOutcome {
  readonly changes: readonly Change[];
  readonly sent: 'answered' | 'failed' | 'not-tried';
  readonly error: GrantdError | null;
  readonly reason: string | null;
  /** The hash of the audit record of its outcome; null where it was not tried, or no audit log is kept. */
  readonly auditHash: string | null;
}

/** What somebody agreed to: exactly these changes and digests, however they were shown. */
export interface AgreedPlan {
  readonly digest: string;
  /** One text for each change and each held part, in the plan's order. */
  readonly parts: readonly string[];
  /** Digests that were approved by hand when it was made. */
  readonly approvedByHand: readonly string[];
}

/** How a whole run ended. */
export type RunResult =
  /** The plan is not the one that was agreed to; nothing was written. */
  | { readonly kind: 'stale'; readonly plan: Plan; readonly agreed: AgreedPlan }
  /** Nothing was to be written. */
  | { readonly kind: 'clean'; readonly plan: Plan }
  /** Nothing was written: observed only, paused, or every change is held. */
  | { readonly kind: 'not-written'; readonly plan: Plan }
  /** Something was written and read back; `after` is the plan that remains. */
  | {
      readonly kind: 'written';
      readonly plan: Plan;
      readonly outcomes: readonly ChangeOutcome[];
      readonly foreign: readonly ForeignChange[];
      readonly after: Plan | null;
      /** Why the account could not be read back, if it could not. */
      readonly unconfirmed: GrantdError | null;
    };

/** What a run tells while it goes on: for progress on a terminal, and later for logs and metrics. Never a secret. */
export type RunEvent =
  | { readonly kind: 'reading' }
  | { readonly kind: 'planned'; readonly plan: Plan }
  | { readonly kind: 'batch-ended'; readonly outcome: BatchOutcome; readonly done: number; readonly total: number }
  | { readonly kind: 'confirming'; readonly attempt: number; readonly attemptsMost: number }
  | { readonly kind: 'trying-again'; readonly round: number; readonly changes: number };

export type RunObserver = (event: RunEvent) => void;

/** The newest plan that a run made; null if it made none. */
export function planLeft(result: RunResult | null): Plan | null {
  if (result === null) return null;
  return result.kind === 'written' ? (result.after ?? result.plan) : result.plan;
}
