import type { ChangeKind, DeferredReason, GuardRule, Verdict } from '../plan/plan.ts';
import type { UnresolvedReason } from '../plan/unresolved.ts';
import type { Mode } from '../policy/policy.ts';
import type { Revision } from '../policy/revision.ts';
import type { RunEnd, Trigger } from '../run/daemon-event.ts';
import type { WatchMode } from '../run/daemon-ports.ts';
import type { ErrorCode } from '../text/error.ts';
import type { Instant } from '../text/instant.ts';
import type { ProblemCode } from '../text/problem-code.ts';
import type { ConditionReason, ConditionType } from './condition-reasons.ts';
import type { ApprovedStatus, ChangeStatus, HeldStatus, NoticeStatus } from './part-status.ts';

/** How many runs a status keeps. */
export const RUNS_KEPT = 20;

/**
 * Everything that the daemon knows of one account, folded from its events. Metrics, the HTTP status, notifications and
 * logs read this and keep no idea of their own. It keeps no plan and no policy, so its size has a limit.
 */
export interface AccountStatus {
  /** The policy file, as the settings name it. */
  readonly policy: string;
  /** Null until a valid policy names it. */
  readonly account: number | null;
  readonly conditions: readonly Condition[];
  /** Which replica leads the account; null if this is the only one. */
  readonly lease: LeaseStatus | null;
  readonly revisions: {
    /** The newest valid revision, and when grantd first accepted it. */
    readonly accepted: DatedRevision | null;
    /** The revision of the newest run, and when the run started. */
    readonly attempted: DatedRevision | null;
    /** The revision of the newest run that left nothing to write, and when the run ended. */
    readonly applied: DatedRevision | null;
  };
  readonly validity: ValidityStatus;
  /** What the last valid policy says of itself; null before the first. */
  readonly lastValid: PolicyFacts | null;
  /** The run under way. */
  readonly running: RunningStatus | null;
  /** The newest first, at most `RUNS_KEPT`. */
  readonly runs: readonly RunStatus[];
  /** Runs in a row that failed or did only a part; 0 while another replica leads. */
  readonly failures: number;
  /** Null before the first run, and while another replica leads. */
  readonly lastAttemptAt: Instant | null;
  /** When the last run ended that did all it may. Null before the first, and while another replica leads. */
  readonly lastSuccessAt: Instant | null;
  /** How the last run ended that used the file itself and was not stopped; null before the first. */
  readonly lastEnd: { readonly end: RunEnd; readonly revision: Revision } | null;
  readonly lastRun: LastRun;
  /** What the newest plan leaves to do. Null before the first plan, and while another replica leads. */
  readonly pending: PendingStatus | null;
  readonly next: NextRuns;
  readonly watch: { readonly mode: WatchMode; readonly reason: string | null } | null;
  /** Keys (`changeKey`) of changes that come back although grantd writes them; at most as many as the memory of an account has. */
  readonly contested: ReadonlySet<string>;
  readonly tokenExpiresAt: Instant | null;
  readonly isStateWritable: boolean;
  /** Whether grantd failed to write the state since the last run started. */
  readonly hasStateFailed: boolean;
  readonly isAuditWritable: boolean;
  /** Why the last run could not write the state or the audit log; null if it could, or failed for another reason. */
  readonly storageError: ErrorStatus | null;
  /** A PUT that an earlier process left open, of an account that no valid policy names. `isBack`: no row is missing any more. */
  readonly leftOpen: { readonly account: number; readonly error: ErrorStatus; readonly isBack: boolean } | null;
}

/**
 * What the last run of this replica left, whichever replica leads the account now. Notifications report how it differs from
 * the run before.
 */
export interface LastRun {
  /** Whether the last run that was not stopped failed or did only a part. */
  readonly isFailing: boolean;
  /** Whether that run found something to write, and the policy paused. */
  readonly isPaused: boolean;
  /** A hash of what guards held after the last run that was not stopped; empty if they held nothing. */
  readonly held: string;
  /** A hash of the changes that such a run left deferred and in doubt (`isInDoubt`), and of the unresolved names; empty if there were none. */
  readonly deferred: string;
  /** Account access ids of the unlisted principals, at most `UNLISTED_KEPT`; null before the first plan. */
  readonly unlisted: readonly number[] | null;
}

/** How many unlisted principals a status remembers. */
export const UNLISTED_KEPT = 100_000;

/** Which replica leads the account, as far as this replica knows. */
export interface LeaseStatus {
  /** `unknown`: this replica cannot find out, and only reads the account. */
  readonly role: 'leader' | 'standby' | 'unknown';
  /** The replica that leads; null if none is known. */
  readonly holder: string | null;
  /** Since when this is so. */
  readonly since: Instant;
  /** Until when a new leader whose file lags behind waits for a newer one. */
  readonly waitsUntil: Instant | null;
  /** Why this replica cannot find out. */
  readonly error: ErrorStatus | null;
}

/** As a condition of a Kubernetes object. */
export interface Condition {
  readonly type: ConditionType;
  readonly status: 'True' | 'False';
  readonly reason: ConditionReason;
  readonly message: string;
  /** When `status` last became what it is. */
  readonly lastTransitionTime: Instant;
}

export interface DatedRevision extends Revision {
  readonly at: Instant;
}

/** What a valid policy says of itself. `problems` has its warnings. */
export interface PolicyFacts extends ProblemList {
  readonly mode: Mode | null;
  readonly isPaused: boolean;
  readonly grants: number | null;
}

/** What the last look at the policy file came to. */
export interface ValidityStatus extends PolicyFacts {
  readonly state: 'unread' | 'valid' | 'invalid' | 'unreadable';
  /** Whether nothing is written: the file says `paused: true`, valid or refused, or the fallback policy does. */
  readonly isPaused: boolean;
  /** Whether the fallback policy counts instead of the file. */
  readonly fallback: boolean;
  readonly error: ErrorStatus | null;
  /** The path can never show another version. */
  readonly isFrozen: boolean;
  readonly frozenBecause: string | null;
}

export interface ProblemList {
  /** The first `PROBLEMS_KEPT`. */
  readonly problems: readonly ProblemStatus[];
  readonly problemsLeftOut: number;
}

export interface ProblemStatus {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Null if names are left out. */
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
  readonly startedAt: Instant;
  /** Past its deadline: it starts no further write. */
  readonly isOverdue: boolean;
  /** Whether this replica led the account when the run started. */
  readonly isLed: boolean;
  /** Whether the run uses the fallback policy, so that it only removes access that has expired, and account admin that is drift. */
  readonly isFallback: boolean;
  /** Why this run cannot write the state or the audit log; null as long as it can. */
  readonly storageError: ErrorStatus | null;
}

export interface RunStatus {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly end: RunEnd;
  readonly startedAt: Instant;
  readonly durationMs: number;
  readonly sha256: string;
  readonly commit: string | null;
  /** Null if grantd could not read the account. */
  readonly counts: RunCounts | null;
  /** What it wrote by approval: the first `APPROVED_KEPT`. */
  readonly approved: readonly ApprovedStatus[];
  readonly error: ErrorStatus | null;
}

export interface RunCounts {
  /** Changes that grantd planned to write, and what became of them. */
  readonly planned: number;
  readonly applied: number;
  readonly notApplied: number;
  /** Principals with changes that guards hold. */
  readonly held: number;
  readonly deferred: number;
}

/** What a plan leaves to do. */
export interface PendingStatus {
  readonly plannedAt: Instant;
  readonly digest: string;
  readonly verdict: Verdict;
  readonly counts: PendingCounts;
  /** How many changes of each kind the policy asks for, held and deferred ones included. */
  readonly kinds: Readonly<Record<ChangeKind, number>>;
  /** How many changes wait for each reason. */
  readonly deferred: Readonly<Record<DeferredReason, number>>;
  /** How many names are unresolved, by where they stand. */
  readonly unresolved: Readonly<Record<UnresolvedReason, number>>;
  /** The first of these names, with its place, in a sentence; null if there is none, or if names are left out. */
  readonly unresolvedText: string | null;
  readonly refusals: readonly { readonly rule: GuardRule; readonly message: string | null }[];
  /** The first `HELD_KEPT`; null if names are left out. */
  readonly held: readonly HeldStatus[] | null;
  readonly heldLeftOut: number;
  /** Who may have another e-mail now, and what to do: the first `NOTICES_KEPT`; null if names are left out. */
  readonly notices: readonly NoticeStatus[] | null;
  /** The first `CHANGES_KEPT`; null if names are left out. */
  readonly changes: readonly ChangeStatus[] | null;
  readonly changesLeftOut: number;
}

export interface PendingCounts {
  /** Changes that grantd may write. */
  readonly changes: number;
  /** Principals with changes that guards hold, and the number of these changes. */
  readonly held: number;
  readonly heldChanges: number;
  readonly deferred: number;
  /** Names of the policy that match no resource, or several. */
  readonly unresolved: number;
  /** Changes of what `observe` lists. grantd never writes them, and they make no one wait. */
  readonly observed: number;
  readonly unmanageable: number;
  readonly absent: number;
  readonly unlisted: number;
}

/** When the next run is due, and why; null if nothing is ahead. */
export interface NextRuns {
  readonly scheduleAt: Instant | null;
  readonly boundaryAt: Instant | null;
  readonly retryAt: Instant | null;
}
