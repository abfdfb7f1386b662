import type { ChangeCause } from '../../core/domain/plan/change-cause.ts';
import type { ChangeKind, DeferredReason, GuardRule } from '../../core/domain/plan/plan.ts';
import type { Origin, Trigger } from '../../core/domain/run/daemon-event.ts';
import type { ErrorCode } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { ProblemCode } from '../../core/domain/text/problem-code.ts';

/**
 * Everything that grantd notifies of, with one line on when. The list is closed: docs/notifications.md has a row for each,
 * and a test compares both ways.
 */
export const NOTIFICATION_KINDS = {
  'changes.applied': 'a run wrote changes and saw them in place',
  'changes.held': 'what guards hold differs from what they held before',
  'changes.released': 'guards no longer hold anything',
  'changes.deferred': 'what waits because something is in doubt differs from what waited before',
  'changes.settled': 'nothing waits any more because something is in doubt',
  'changes.paused': 'the policy is paused and changes wait, and the run before did not end so',
  'changes.contested': 'grantd wrote changes, and they were undone three times',
  'run.failing': 'a run failed, or did not write everything, and the one before did not fail',
  'run.recovered': 'a run ended well, and the one before did not',
  'policy.rejected': 'the policy file is invalid',
  'policy.unreadable': 'grantd cannot read the policy file, or refuses it because of the account that it names',
  'policy.valid': 'the policy file is valid again',
  'unlisted.appeared': 'someone has access, no grant names them, and they did not have it at the run before',
  'ends.soon': 'access of someone ends within `endsSoonDays`; reported once, in the process that runs',
  'token.disproven': 'the first raise of an API token did not show on it',
  'token.expires': 'the API token of grantd expires within 14 days, or has expired; reported once a day',
  'state.unwritable': 'grantd cannot write the state',
  'state.writable': 'grantd can write the state again',
  'audit.unwritable': 'grantd cannot write the audit log, and writes nothing to the account until it can',
  'audit.writable': 'grantd can write the audit log again',
} as const;

export type NotificationKind = keyof typeof NOTIFICATION_KINDS;
export type Severity = 'info' | 'warning' | 'error';

/** The version of the format; another one means another shape. */
export const NOTIFICATION_VERSION = 1;

/** What a notification says: the `data` of its event (schemas/event.v1.schema.json). Every notification has every key. */
export interface NotificationData extends Origin {
  readonly version: typeof NOTIFICATION_VERSION;
  readonly kind: NotificationKind;
  readonly severity: Severity;
  /** One sentence, without a full stop. */
  readonly summary: string;
  /** What to do; null if nothing. */
  readonly remedy: string | null;
  /** The run that it is about; null if it is about none. */
  readonly run: { readonly runId: string; readonly trigger: Trigger } | null;
  readonly revision: { readonly sha256: string; readonly commit: string | null } | null;
  /** The full number of entries of the one list that is not empty, including those that are left out. */
  readonly count: number;
  /** The first `ITEMS_MOST` of each. At most one list is not empty, besides `approved`. */
  readonly changes: readonly NotificationChange[];
  readonly held: readonly NotificationHeld[];
  /** In `changes.applied`: which of the changes ran by approval, and who approved them. */
  readonly approved: readonly NotificationApproved[];
  readonly deferred: readonly NotificationDeferred[];
  readonly unlisted: readonly NotificationUnlisted[];
  /** What ends soon, the soonest first. */
  readonly ends: readonly NotificationEnd[];
  readonly problems: readonly NotificationProblem[];
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
  /** When the token expires. */
  readonly expiresAt: string | null;
}

export interface NotificationChange {
  readonly kind: ChangeKind;
  readonly principal: string;
  readonly access: number;
  /** `type:#id`. */
  readonly resource: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** What brought it about; null where grantd has no memory of the account. */
  readonly cause: ChangeCause | null;
  /** Of the record of its PUT; null if grantd wrote none, or keeps no audit log. */
  readonly auditHash: string | null;
  /** Whether a contested change was ever seen in place; null for others. */
  readonly hasBeenInPlace: boolean | null;
  /** Who may have caused it, in the words of Mailtrap's audit events. Never a proof. */
  readonly hints: readonly string[];
}

export interface NotificationHeld {
  readonly digest: string;
  readonly principal: string;
  readonly rules: readonly GuardRule[];
  readonly changes: number;
  /** The line that approves it under `approvals:` of the policy; null if no approval can. */
  readonly approvalLine: string | null;
  /** The command that approves it for one run; null likewise. */
  readonly approve: string | null;
}

/** A part that ran by approval, by the digest that was approved. */
export interface NotificationApproved {
  readonly digest: string;
  readonly principal: string;
  readonly rules: readonly GuardRule[];
  readonly changes: number;
  /** Who approved it: the place in the policy and the end of the approval, or `--approve` and the user of the system. */
  readonly by: string;
}

/** A change that waits, and for what. */
export interface NotificationDeferred {
  readonly kind: ChangeKind;
  readonly principal: string;
  readonly access: number;
  /** `type:#id`. */
  readonly resource: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  readonly cause: ChangeCause | null;
  readonly reason: DeferredReason;
  /** The name, the line or the row that it waits for. */
  readonly waitsFor: string;
}

export interface NotificationUnlisted {
  readonly principal: string;
  readonly access: number;
  readonly rows: number;
}

/** Access of one principal that a line of the policy ends. */
export interface NotificationEnd {
  readonly principal: string;
  readonly endsAt: string;
  /** The grant, or the entry of `ends`. */
  readonly file: string;
  readonly line: number;
  /** The first resources with their levels, as the policy writes them. Empty: all that they have. */
  readonly access: readonly string[];
}

export interface NotificationProblem {
  readonly code: ProblemCode;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

export interface Notification {
  /** When it happened. */
  readonly at: Instant;
  readonly data: NotificationData;
}

/** A notification, with what stays the same however often grantd sends it. */
export interface NotificationRequest {
  readonly id: string;
  readonly source: string;
  readonly notification: Notification;
}
