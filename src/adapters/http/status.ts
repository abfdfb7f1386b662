import type { ChangeKind, DeferredReason, GuardRule, Verdict } from '../../core/domain/plan/plan.ts';
import type { Mode } from '../../core/domain/policy/policy.ts';
import type { RunEnd, Trigger } from '../../core/domain/run/daemon-event.ts';
import type { WatchMode } from '../../core/domain/run/daemon-ports.ts';
import type { ErrorCode } from '../../core/domain/text/error.ts';
import type { ProblemCode } from '../../core/domain/text/problem-code.ts';
import type { ConditionReason, ConditionType } from './condition-reasons.ts';

/** The version of the format; another one means another shape. */
export const STATUS_VERSION = 1;

/** What `GET /api/v1/status` answers (schemas/status.v1.schema.json). Every moment is ISO 8601 in UTC. */
export interface DaemonStatus {
  readonly version: typeof STATUS_VERSION;
  /** False where e-mails, names, and every text that may hold one, are left out. */
  readonly hasNames: boolean;
  /** The version of grantd. */
  readonly grantd: string;
  readonly time: string;
  /** Null before the daemon began. */
  readonly startedAt: string | null;
  readonly isStopping: boolean;
  readonly schedule: string | null;
  readonly timezone: string | null;
  readonly accounts: readonly AccountStatus[];
}

export interface AccountStatus {
  /** The policy file, as the settings name it. */
  readonly policy: string;
  /** Null until a valid policy has said it. */
  readonly account: number | null;
  readonly conditions: readonly Condition[];
  /** Which replica writes to the account; null where there is only this one. */
  readonly lease: LeaseStatus | null;
  readonly revisions: {
    /** The newest valid text, and when it was first accepted. */
    readonly accepted: RevisionStatus | null;
    /** What the newest run goes by, and when it began. */
    readonly attempted: RevisionStatus | null;
    /** What the newest run went by that left nothing to write, and when it ended. */
    readonly applied: RevisionStatus | null;
  };
  readonly validity: ValidityStatus;
  /** The run under way. */
  readonly running: RunningStatus | null;
  /** The newest first, `RUNS_KEPT` at most. */
  readonly runs: readonly RunStatus[];
  /** Runs in a row that have not ended well. */
  readonly failures: number;
  /** What the newest plan leaves to do; null before the first. */
  readonly pending: PendingStatus | null;
  readonly next: NextStatus;
  readonly watch: { readonly mode: WatchMode; readonly reason: string | null } | null;
  /** Changes that come back though they are written. */
  readonly contested: number;
  readonly tokenExpiresAt: string | null;
}

/** How the Lease of the account stands, as this replica knows. */
export interface LeaseStatus {
  readonly role: 'leader' | 'standby' | 'unknown';
  /** The replica that holds it; null where none is known. */
  readonly holder: string | null;
  /** Since when it stands like that. */
  readonly since: string;
  /** Until when this replica, whose file lags behind, waits for it to change at most. */
  readonly waitsUntil: string | null;
  /** Why nobody knows. */
  readonly error: ErrorStatus | null;
}

/** As a condition of a Kubernetes object. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False';
  readonly reason: ConditionReason;
  readonly message: string;
  /** When `status` last became what it is. */
  readonly lastTransitionTime: string;
}

export interface RevisionStatus {
  /** In hex. */
  readonly sha256: string;
  readonly commit: string | null;
  readonly at: string;
}

/** What the last look at the policy file came to. */
export interface ValidityStatus {
  readonly state: 'unread' | 'valid' | 'invalid' | 'unreadable';
  readonly mode: Mode | null;
  readonly isPaused: boolean;
  readonly grants: number | null;
  /** Whether the last good text replaces what the file holds. */
  readonly fallback: boolean;
  /** The first `PROBLEMS_KEPT`; warnings only where it is valid. */
  readonly problems: readonly ProblemStatus[];
  readonly problemsLeftOut: number;
  readonly error: ErrorStatus | null;
  /** The path can never show another text. */
  readonly isFrozen: boolean;
  readonly frozenBecause: string | null;
}

export interface ProblemStatus {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly message: string | null;
  readonly remedy: string | null;
}

export interface ErrorStatus {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string | null;
}

export interface RunningStatus {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly startedAt: string;
  /** Past its deadline: it begins no further write. */
  readonly isOverdue: boolean;
}

export interface RunStatus {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly end: RunEnd;
  readonly startedAt: string;
  readonly durationMs: number;
  readonly sha256: string;
  readonly commit: string | null;
  /** Null where the account could not be read. */
  readonly counts: RunCounts | null;
  readonly error: ErrorStatus | null;
}

export interface RunCounts {
  /** Changes that were to be written, and what became of them. */
  readonly planned: number;
  readonly applied: number;
  readonly notApplied: number;
  /** Principals of whom guards hold a part. */
  readonly held: number;
  readonly deferred: number;
}

export interface PendingStatus {
  readonly plannedAt: string;
  readonly digest: string;
  readonly verdict: Verdict;
  readonly counts: PendingCounts;
  readonly refusals: readonly { readonly rule: GuardRule; readonly message: string | null }[];
  /** Null where names are left out; else the first `HELD_KEPT`. */
  readonly held: readonly HeldStatus[] | null;
  readonly heldLeftOut: number;
  /** Null where names are left out; else the first `CHANGES_KEPT`. */
  readonly changes: readonly ChangeStatus[] | null;
  readonly changesLeftOut: number;
}

export interface PendingCounts {
  /** Changes that may be written. */
  readonly changes: number;
  /** Principals of whom guards hold a part, and the changes in these parts. */
  readonly held: number;
  readonly heldChanges: number;
  readonly deferred: number;
  readonly unmanageable: number;
  readonly absent: number;
  readonly unlisted: number;
}

export interface HeldStatus {
  readonly digest: string;
  readonly principal: string;
  readonly rules: readonly GuardRule[];
  readonly changes: number;
  /** The command that lets it run; null where no approval does. */
  readonly approve: string | null;
}

export interface ChangeStatus {
  readonly disposition: 'planned' | 'held' | 'deferred';
  readonly kind: ChangeKind;
  readonly principal: string;
  readonly access: number;
  /** `type:#id`. */
  readonly resource: string;
  readonly label: string;
  readonly before: string;
  readonly after: string;
  /** Why it is deferred. */
  readonly reason: DeferredReason | null;
}

export interface NextStatus {
  readonly scheduleAt: string | null;
  readonly boundaryAt: string | null;
  readonly retryAt: string | null;
}
