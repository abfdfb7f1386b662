import type { ChangeKind, GuardRule } from '../../core/domain/plan/plan.ts';
import type { Origin, Trigger } from '../../core/domain/run/daemon-event.ts';
import type { ErrorCode } from '../../core/domain/text/error.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { ProblemCode } from '../../core/domain/text/problem-code.ts';

/**
 * Everything that somebody is notified of, with one line on when. The list is closed: docs/notifications.md has a row for
 * each, and a test compares both ways.
 */
export const MESSAGE_KINDS = {
  'changes.applied': 'a run wrote changes, and a read showed them in place',
  'changes.held': 'what guards hold is not what they held before',
  'changes.released': 'guards hold nothing any more',
  'changes.contested': 'changes came back in three scheduled runs in a row though they were written',
  'run.failing': 'a run failed, or did not write everything, and the one before did not',
  'run.recovered': 'a run ended well, and the one before did not',
  'policy.rejected': 'the policy file holds an invalid text',
  'policy.unreadable': 'the policy file cannot be read, or is refused for the account that it names',
  'policy.valid': 'the policy file holds a valid text again',
  'unlisted.appeared': 'somebody holds access whom no grant names, and did not at the run before',
  'token.disproven': 'the first raise of an API token did not show on it',
  'token.expires': 'the token that grantd uses ends within 14 days; told once a day',
  'state.unwritable': 'the state cannot be written',
  'state.writable': 'the state can be written again',
  'audit.unwritable': 'the audit log cannot be written, and nothing is written to the account meanwhile',
  'audit.writable': 'the audit log can be written again',
} as const;

export type MessageKind = keyof typeof MESSAGE_KINDS;
export type Severity = 'info' | 'warning' | 'error';

/** The version of the format; another one means another shape. */
export const MESSAGE_VERSION = 1;

/** What a notification says: the `data` of its event (schemas/event.v1.schema.json). Every key stands in every one. */
export interface MessageData extends Origin {
  readonly version: typeof MESSAGE_VERSION;
  readonly kind: MessageKind;
  readonly severity: Severity;
  /** One sentence, without a full stop. */
  readonly summary: string;
  /** What to do; null where nothing. */
  readonly remedy: string | null;
  /** The run that it is about; null where it is about none. */
  readonly run: { readonly runId: string; readonly trigger: Trigger } | null;
  readonly revision: { readonly sha256: string; readonly commit: string | null } | null;
  /** How many things of the one list that is not empty there are, those left out of it included. */
  readonly count: number;
  /** The first `ITEMS_MOST` of what it is about. */
  readonly changes: readonly MessageChange[];
  readonly held: readonly MessageHeld[];
  readonly unlisted: readonly MessageUnlisted[];
  readonly problems: readonly MessageProblem[];
  readonly error: { readonly code: ErrorCode; readonly message: string } | null;
  /** When the token ends. */
  readonly expiresAt: string | null;
}

export interface MessageChange {
  readonly kind: ChangeKind;
  readonly principal: string;
  readonly access: number;
  /** `type:#id`. */
  readonly resource: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Of the record of its PUT; null where none was written or no audit log is kept. */
  readonly auditHash: string | null;
  /** Whether a contested change was ever seen in place; null for others. */
  readonly hasBeenInPlace: boolean | null;
}

export interface MessageHeld {
  readonly digest: string;
  readonly principal: string;
  readonly rules: readonly GuardRule[];
  readonly changes: number;
  /** The command that lets it run; null where no approval does. */
  readonly approve: string | null;
}

export interface MessageUnlisted {
  readonly principal: string;
  readonly access: number;
  readonly rows: number;
}

export interface MessageProblem {
  readonly code: ProblemCode;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  readonly remedy: string;
}

export interface Message {
  readonly at: Instant;
  readonly data: MessageData;
}

/** A message with what stays the same however often it is sent. */
export interface Letter {
  readonly id: string;
  readonly source: string;
  readonly message: Message;
}
