import type { AccessLevel } from '../account/access-level.ts';
import type { AccessRow, AccountAccess } from '../account/actual-state.ts';
import type { Principal } from '../account/principal.ts';
import { changeKey } from '../plan/change-key.ts';
import type { ApprovedPart, Change, Plan } from '../plan/plan.ts';
import type { SameChange } from '../plan/restraints.ts';
import type { GrantdError } from '../text/error.ts';

/**
 * The outcome of one change. `changed-by-someone-else`: the row is neither as before nor as written. `unconfirmed`: the
 * API answered the PUT with 2xx, and grantd could not read the account since.
 */
export type Outcome = 'applied' | 'did-not-stick' | 'failed' | 'changed-by-someone-else' | 'unconfirmed' | 'not-tried';

/** One planned change with its outcome. */
export interface ChangeOutcome {
  readonly change: Change;
  readonly outcome: Outcome;
  /** How its last PUT ended. */
  readonly sent: BatchOutcome['sent'];
  /** The level that the last read showed. Null if there was no read after the write. */
  readonly found: AccessLevel | null;
  /** Why it failed or was not tried, in a sentence. Null for other outcomes. */
  readonly reason: string | null;
  /** The `auditHash` of its PUT. */
  readonly auditHash: string | null;
}

/** A row that changed between the two reads although grantd did not plan to change it. */
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
  /** The hash of the audit record of its outcome. Null if it was not tried, or without an audit log. */
  readonly auditHash: string | null;
}

/** A plan that someone agreed to: exactly these changes and digests, and what `differences` compares. */
export interface AgreedPlan {
  readonly digest: string;
  /** One text for each change and each held part, in the plan's order. */
  readonly parts: readonly string[];
  /** Digests that were approved by hand for this plan. */
  readonly approvedByHand: readonly string[];
  /** What differs in another plan besides the parts, such as reasons and labels, one line each. Without it only the parts count. */
  readonly differences?: (plan: Plan) => readonly string[];
  /** For a plan of `apply --plan`: the labels of its resources by `type:#id`, for a message about one that is no longer planned. */
  readonly saved?: { readonly labels: ReadonlyMap<string, string> };
}

/** The result of a whole run. */
export type RunResult =
  /** The plan differs from the one that was agreed to. grantd wrote nothing. */
  | { readonly kind: 'stale'; readonly plan: Plan; readonly agreed: AgreedPlan }
  /** Nothing was left to write. */
  | { readonly kind: 'complete'; readonly plan: Plan }
  /** grantd wrote nothing: the policy only observes or is paused, or every change is held or deferred. */
  | { readonly kind: 'not-written'; readonly plan: Plan }
  /** grantd wrote changes and read the account again. `after` is the remaining plan. */
  | {
      readonly kind: 'written';
      readonly plan: Plan;
      readonly outcomes: readonly ChangeOutcome[];
      readonly foreign: readonly ForeignChange[];
      readonly after: Plan | null;
      /** Why grantd could not read the account again, or null. */
      readonly unconfirmed: GrantdError | null;
    };

/** One whole read of the account, and the plan that it gave. */
export interface AccountRead {
  readonly plan: Plan;
  /** Every access by id, with those of declared tokens. */
  readonly accesses: () => ReadonlyMap<number, AccountAccess>;
}

/** The progress of a run, for the terminal, logs and metrics. Contains no secret. */
export type RunEvent =
  | { readonly kind: 'reading' }
  /** `levelOf`: the level of a row in the account that the plan was made from. Null if that access is not there. */
  | { readonly kind: 'planned'; readonly plan: Plan; readonly levelOf: (row: SameChange) => AccessLevel | null }
  /** A whole read by a right clock: before the writes, and after them. */
  | { readonly kind: 'read'; readonly read: AccountRead }
  /** The first PUT that leaves rows of its holder unnamed goes alone. `rows`: how many. */
  | { readonly kind: 'canary'; readonly principal: Principal; readonly rows: number }
  | { readonly kind: 'batch-ended'; readonly outcome: BatchOutcome; readonly done: number; readonly total: number }
  | { readonly kind: 'confirming'; readonly attempt: number; readonly attemptsMost: number }
  | { readonly kind: 'trying-again'; readonly round: number; readonly changes: number };

/** Receives the progress of a run. */
export type RunObserver = (event: RunEvent) => void;

/** The newest plan that a run made; null if it made none. */
export function planLeft(result: RunResult | null): Plan | null {
  if (result === null) return null;
  return result.kind === 'written' ? (result.after ?? result.plan) : result.plan;
}

/** The approved parts of which a run tried a write. A failed one counts: it may have taken effect. */
export function triedApprovals(result: RunResult | null): readonly ApprovedPart[] {
  if (result?.kind !== 'written' || result.plan.approved.length === 0) return [];
  const tried = new Set(
    result.outcomes.filter(({ outcome }) => outcome !== 'not-tried').map(({ change }) => changeKey(change)),
  );
  return result.plan.approved.filter(({ changes }) => changes.some((change) => tried.has(changeKey(change))));
}
