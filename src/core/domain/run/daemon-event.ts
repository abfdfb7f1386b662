import type { Change, Plan } from '../plan/plan.ts';
import type { Mode } from '../policy/policy.ts';
import type { Revision } from '../policy/revision.ts';
import type { GrantdError } from '../text/error.ts';
import type { Instant } from '../text/instant.ts';
import type { Problem } from '../text/problem.ts';
import type { WatchMode } from './daemon-ports.ts';
import type { BatchOutcome, ChangeOutcome, RunResult } from './run-result.ts';

/**
 * Everything that can ask for a run of the daemon, with one line on what it means. The list is closed: it is the label
 * `trigger` of metrics and logs, and docs/metrics.md has a row for each.
 */
export const TRIGGERS = {
  start: 'the daemon started',
  file: 'a file system event led to a new version of the policy',
  poll: 'the periodic re-read (`pollIntervalMs`) found a new version that no event reported',
  schedule: 'a slot of `schedule`, in `timezone`',
  boundary: 'a `from`, `until` or `ends` of the policy was reached, or the clock was set',
  lease: 'this replica began to lead the account, or has waited long enough for its policy file',
  request: '`POST /-/reconcile`',
  signal: 'SIGHUP',
  retry: 'the wait after a failed run is over',
} as const;

export type Trigger = keyof typeof TRIGGERS;

/**
 * How a run of the daemon ended, with one line on what it means. The list is closed: it is the label `result` of metrics
 * and logs.
 */
export const RUN_ENDS = {
  clean: 'the account already matched the policy, as far as grantd may write',
  applied: 'grantd wrote every change and saw it in place',
  partial: 'grantd wrote some changes; others failed, did not stick, or were not tried',
  held: 'guards hold changes, and nothing was written',
  paused: 'the policy is paused, and nothing was written',
  observed: 'the policy only observes, and nothing was written',
  failed: 'grantd could not read the account, or may not write to it: nothing was written',
  unled: 'grantd could not find out which replica leads the account: it only read, and nothing was written',
  stopped: 'the daemon had to stop, or a newer policy arrived, before the run was done',
} as const;

export type RunEnd = keyof typeof RUN_ENDS;

/** Whether a run failed or did only a part. What guards hold, a pause and a stop are no failures. */
export function isFailure(end: RunEnd): boolean {
  return end === 'failed' || end === 'partial';
}

/** Whether a run did all that it may: what guards hold, and a pause, is what the operator asked for. */
export function isSuccess(end: RunEnd): boolean {
  return !isFailure(end) && end !== 'unled' && end !== 'stopped';
}

/** Which account an event is about: its policy file, and its id once a valid policy names it. */
export interface Origin {
  readonly policy: string;
  readonly account: number | null;
}

/** Which run an event is about. */
export interface RunMark extends Origin {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly revision: Revision;
}

export interface DaemonStarted {
  readonly kind: 'daemon.started';
  readonly version: string;
  readonly policies: readonly string[];
  readonly schedule: string;
  readonly timezone: string;
  readonly stateDir: string | null;
  readonly httpAddress: string | null;
}

export interface RunEnded extends RunMark {
  readonly kind: 'run.ended';
  readonly end: RunEnd;
  /** Null if it failed. */
  readonly result: RunResult | null;
  readonly error: GrantdError | null;
  readonly durationMs: number;
  /** How many runs in a row failed or did only a part, this one included. */
  readonly failures: number;
  /** Seconds from the modification of the policy file to now, once for each text: from the run that made the account match it. */
  readonly commitToAppliedSeconds: number | null;
}

/** Everything that a daemon reports. Logs, metrics, the status and notifications come from this, and from nothing else. */
export type DaemonEvent =
  | DaemonStarted
  | { readonly kind: 'daemon.stopping'; readonly reason: string }
  | { readonly kind: 'daemon.stopped' }
  /** The wall clock was set, or the process was suspended: by so much more than the monotonic clock counted. */
  | ({ readonly kind: 'clock.jumped'; readonly byMs: number } & Origin)
  | ({
      readonly kind: 'policy.accepted';
      /** How grantd noticed the text: by a file system event, by the periodic re-read, or because a run started. */
      readonly trigger: Trigger;
      readonly revision: Revision;
      readonly acceptedAt: Instant;
      readonly mode: Mode;
      readonly isPaused: boolean;
      readonly grants: number;
      /** Warnings. */
      readonly problems: readonly Problem[];
    } & Origin)
  | ({
      readonly kind: 'policy.rejected';
      readonly revision: Revision;
      readonly problems: readonly Problem[];
      /** Whether a line of the text says `paused: true` all the same. */
      readonly saysPaused: boolean;
      /** The fallback policy, which is the last good one; null if there was none since the start. */
      readonly fallback: Revision | null;
    } & Origin)
  | ({
      readonly kind: 'policy.unreadable';
      readonly error: GrantdError;
      /** Whether the text says `paused: true`: one that is refused because of its account is known, and may. */
      readonly saysPaused: boolean;
      readonly fallback: Revision | null;
    } & Origin)
  /** The file has the text of the fallback policy again. */
  | ({ readonly kind: 'policy.restored'; readonly revision: Revision } & Origin)
  /** The path can never show another version. */
  | ({ readonly kind: 'policy.never-changes'; readonly reason: string } & Origin)
  | ({ readonly kind: 'watch.mode'; readonly mode: WatchMode; readonly reason: string | null } & Origin)
  | ({ readonly kind: 'schedule.missed' } & Origin)
  /** When the next run is due at the latest, and why; null if nothing is ahead. */
  | ({
      readonly kind: 'next.planned';
      readonly scheduleAt: Instant | null;
      readonly boundaryAt: Instant | null;
      readonly retryAt: Instant | null;
    } & Origin)
  | ({ readonly kind: 'run.asked'; readonly trigger: Trigger; readonly commit: string | null } & Origin)
  | ({ readonly kind: 'run.started' } & RunMark)
  | ({ readonly kind: 'run.planned'; readonly plan: Plan } & RunMark)
  | ({ readonly kind: 'run.put'; readonly outcome: BatchOutcome } & RunMark)
  | ({ readonly kind: 'run.deadline'; readonly timeoutMs: number } & RunMark)
  /** One changed row that a read showed in place; `auditHash` is of the record of its PUT. */
  | ({ readonly kind: 'change.applied'; readonly change: Change; readonly auditHash: string | null } & RunMark)
  | ({ readonly kind: 'change.not-applied'; readonly outcome: ChangeOutcome } & RunMark)
  | ({ readonly kind: 'change.contested'; readonly change: Change; readonly hasBeenInPlace: boolean } & RunMark)
  | ({ readonly kind: 'token.disproven'; readonly change: Change } & RunMark)
  | RunEnded
  /** When the API token of grantd expires; null if it does not, or if that is unknown. */
  | ({ readonly kind: 'token.expiry'; readonly expiresAt: Instant | null } & Origin)
  /** This replica leads the account. `transitions`: how often its Lease has changed hands. */
  | ({ readonly kind: 'lease.acquired'; readonly holder: string; readonly transitions: number } & Origin)
  | ({ readonly kind: 'lease.lost'; readonly reason: string } & Origin)
  /** Another replica leads the account; null if none is known yet. */
  | ({ readonly kind: 'lease.standby'; readonly holder: string | null } & Origin)
  /** This replica cannot find out which replica leads, and only reads the account meanwhile. */
  | ({ readonly kind: 'lease.unreachable'; readonly error: GrantdError } & Origin)
  | ({ readonly kind: 'lease.released' } & Origin)
  /** The file of the new leader has a superseded version: the replica waits for a newer one, for so long at most. */
  | ({ readonly kind: 'lease.superseded'; readonly revision: Revision; readonly waitMs: number } & Origin)
  | ({ readonly kind: 'state.lost'; readonly reason: string } & Origin)
  | ({ readonly kind: 'state.unwritable'; readonly error: GrantdError } & Origin)
  /** What opening the audit log found: an incomplete last line that was moved aside, or PUTs with an unknown outcome. */
  | ({ readonly kind: 'audit.repaired'; readonly bytes: number } & Origin)
  | ({ readonly kind: 'audit.unknown'; readonly access: number; readonly runId: string } & Origin)
  | ({
      readonly kind: 'api.request';
      readonly method: string;
      readonly route: string;
      readonly status: number | null;
      readonly durationMs: number;
      readonly waitedMs: number;
      readonly retry: string | null;
    } & Origin)
  | { readonly kind: 'notify.failed'; readonly target: string; readonly reason: string }
  | { readonly kind: 'notify.dropped'; readonly target: string; readonly count: number };

export type DaemonEventKind = DaemonEvent['kind'];

/** Takes every event of the daemon. Never throws. */
export type EmitEvent = (event: DaemonEvent) => void;

/** An event of one account. */
export type AccountEvent = Extract<DaemonEvent, Origin>;
