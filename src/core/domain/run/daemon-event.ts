import type { Change, Plan } from '../plan/plan.ts';
import type { Mode } from '../policy/policy.ts';
import type { Revision } from '../policy/revision.ts';
import type { GrantdError } from '../text/error.ts';
import type { Instant } from '../text/instant.ts';
import type { Problem } from '../text/problem.ts';
import type { WatchMode } from './daemon-ports.ts';
import type { ChangeHints } from './mailtrap-event.ts';
import type { BatchOutcome, ChangeOutcome, RunResult } from './run-result.ts';

/**
 * Everything that can start a run of the daemon, with its meaning in one line. The list is closed: it is the label
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
  mailtrap: 'audit events of Mailtrap came that were not known yet',
  signal: 'SIGHUP',
  retry: 'the wait after a failed run is over',
} as const;

/** One of `TRIGGERS`. */
export type Trigger = keyof typeof TRIGGERS;

/**
 * How a run of the daemon ended, with its meaning in one line. The list is closed: it is the label `result` of metrics and
 * logs. If several apply, the first one counts. After `complete` and `observed` nothing waits for anybody.
 */
export const RUN_ENDS = {
  failed: 'grantd could not read the account, or may not write to it: nothing was written',
  partial: 'grantd wrote something, and a change that it may write is still not in place',
  paused: 'the policy is paused and something differs: nothing was written',
  held: 'guards hold changes; everything else that grantd may write is in place',
  deferred:
    'nothing failed and nothing is held, but changes wait because something that they rely on is in doubt, or a name of the policy matches no resource',
  observed: 'the policy only observes, and something differs: nothing was written',
  complete:
    'nothing is left to write: the account matched the policy, or grantd wrote every change and saw it in place',
  unled: 'grantd could not find out which replica leads the account: it only read, and nothing was written',
  stopped: 'the daemon had to stop, or a newer policy arrived, before the run was done',
} as const;

/** One of `RUN_ENDS`. */
export type RunEnd = keyof typeof RUN_ENDS;

/** Whether a run failed or did only a part. What guards hold, a pause and a stop are no failures. */
export function isFailure(end: RunEnd): boolean {
  return end === 'failed' || end === 'partial';
}

/**
 * Whether a run read the account and left nothing that it may write. What is held, deferred or paused waits for someone, and
 * is no failure of the run.
 */
export function isSuccess(end: RunEnd): boolean {
  return !isFailure(end) && end !== 'unled' && end !== 'stopped';
}

/** The account loop that an event comes from: its policy file, and its account id as soon as a valid policy names it. */
export interface Origin {
  readonly policy: string;
  readonly account: number | null;
}

/** The run that an event belongs to. */
export interface RunMark extends Origin {
  readonly runId: string;
  readonly trigger: Trigger;
  readonly revision: Revision;
}

/** The daemon started, with the main values of its settings. */
export interface DaemonStarted {
  readonly kind: 'daemon.started';
  readonly version: string;
  readonly policies: readonly string[];
  readonly schedule: string;
  readonly timezone: string;
  readonly stateDir: string | null;
  readonly httpAddress: string | null;
}

/** A run ended. */
export interface RunEnded extends RunMark {
  readonly kind: 'run.ended';
  readonly end: RunEnd;
  /** Null if the run failed. */
  readonly result: RunResult | null;
  readonly error: GrantdError | null;
  readonly durationMs: number;
  /** How many runs in a row did not end well, including this one. */
  readonly failures: number;
  /**
   * Seconds from the modification of the policy file to now. Only the run that makes the account match a text gives it,
   * once for each text.
   */
  readonly commitToAppliedSeconds: number | null;
  /** What Mailtrap's audit events say of the drift that it found. Absent if they say nothing. */
  readonly hints?: ChangeHints;
}

/** Everything that the daemon reports. Logs, metrics, status and notifications come from these events alone. */
export type DaemonEvent =
  | DaemonStarted
  /** The machine has no IPv6, so the HTTP port listens on every IPv4 address in place of `::`. */
  | { readonly kind: 'http.other-address'; readonly httpAddress: string; readonly reason: string }
  | { readonly kind: 'daemon.stopping'; readonly reason: string }
  | { readonly kind: 'daemon.stopped' }
  /** The wall clock was set, or the process was suspended. `byMs`: how far the wall clock moved beyond the monotonic one. */
  | ({ readonly kind: 'clock.jumped'; readonly byMs: number } & Origin)
  | ({
      readonly kind: 'policy.accepted';
      /** How the daemon noticed the text: by a file system event, by the periodic re-read, or because a run started. */
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
      /** The fallback policy: the last valid one. Null if there has been none since the start. */
      readonly fallback: Revision | null;
    } & Origin)
  | ({
      readonly kind: 'policy.unreadable';
      readonly error: GrantdError;
      /** Whether the text says `paused: true`. A text that is refused because of its account may. */
      readonly saysPaused: boolean;
      readonly fallback: Revision | null;
    } & Origin)
  /** The file is valid again, with the same text as the fallback policy. */
  | ({ readonly kind: 'policy.restored'; readonly revision: Revision } & Origin)
  /** The path can never show a newer text. */
  | ({ readonly kind: 'policy.never-changes'; readonly reason: string } & Origin)
  | ({ readonly kind: 'watch.mode'; readonly mode: WatchMode; readonly reason: string | null } & Origin)
  | ({ readonly kind: 'schedule.missed' } & Origin)
  /** When the next run is due: by schedule, by a date of the policy, or as a retry. Null for what is not ahead. */
  | ({
      readonly kind: 'next.planned';
      readonly scheduleAt: Instant | null;
      readonly boundaryAt: Instant | null;
      readonly retryAt: Instant | null;
    } & Origin)
  /** Mailtrap delivered audit events. `unread`: entries that are none. */
  | ({
      readonly kind: 'mailtrap.delivered';
      readonly events: number;
      readonly newEvents: number;
      readonly unread: number;
    } & Origin)
  | ({ readonly kind: 'run.asked'; readonly trigger: Trigger; readonly commit: string | null } & Origin)
  | ({ readonly kind: 'run.started' } & RunMark)
  | ({ readonly kind: 'run.planned'; readonly plan: Plan } & RunMark)
  | ({ readonly kind: 'run.put'; readonly outcome: BatchOutcome } & RunMark)
  | ({ readonly kind: 'run.deadline'; readonly timeoutMs: number } & RunMark)
  /** A read showed a changed row in place. `auditHash` is the hash of the audit record of its PUT. */
  | ({
      readonly kind: 'change.applied';
      readonly change: Change;
      readonly auditHash: string | null;
      readonly hints?: ChangeHints;
    } & RunMark)
  | ({ readonly kind: 'change.not-applied'; readonly outcome: ChangeOutcome; readonly hints?: ChangeHints } & RunMark)
  | ({ readonly kind: 'change.contested'; readonly change: Change; readonly hasBeenInPlace: boolean } & RunMark)
  | ({ readonly kind: 'token.disproven'; readonly change: Change } & RunMark)
  | RunEnded
  /** When the API token of grantd expires. Null if it does not, or if unknown. */
  | ({ readonly kind: 'token.expiry'; readonly expiresAt: Instant | null } & Origin)
  /** This replica leads the account and writes to it. `transitions`: how often the leader has changed. */
  | ({ readonly kind: 'lease.acquired'; readonly holder: string; readonly transitions: number } & Origin)
  | ({ readonly kind: 'lease.lost'; readonly reason: string } & Origin)
  /** Another replica leads the account and writes to it. Null if no leader is known yet. */
  | ({ readonly kind: 'lease.standby'; readonly holder: string | null } & Origin)
  /** grantd cannot find out which replica leads the account. Until it can, it only reads. */
  | ({ readonly kind: 'lease.unreachable'; readonly error: GrantdError } & Origin)
  | ({ readonly kind: 'lease.released' } & Origin)
  /** The new leader's policy file is older than what was already applied. It waits `waitMs` at most for a newer one. */
  | ({ readonly kind: 'lease.superseded'; readonly revision: Revision; readonly waitMs: number } & Origin)
  | ({ readonly kind: 'state.lost'; readonly reason: string } & Origin)
  /**
   * An earlier process left a PUT in `leftIn` that nobody had read back, and no valid policy names that account. `rows`: how many
   * of the holder may still be missing. The error says what became of it; null if nothing was taken.
   */
  | ({
      readonly kind: 'state.left-open';
      readonly leftIn: number;
      readonly rows: number;
      readonly error: GrantdError | null;
    } & Origin)
  | ({ readonly kind: 'state.unwritable'; readonly error: GrantdError } & Origin)
  /** On opening the audit log, grantd found an incomplete last line and moved it aside. */
  | ({ readonly kind: 'audit.repaired'; readonly bytes: number } & Origin)
  /** On opening the audit log, grantd found a PUT without an outcome. */
  | ({ readonly kind: 'audit.unknown'; readonly access: number; readonly runId: string } & Origin)
  /** What every user of the machine may do with the audit log, which says who has which access. */
  | ({ readonly kind: 'audit.exposed'; readonly openTo: 'read' | 'write' } & Origin)
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

/** The kinds of daemon events. */
export type DaemonEventKind = DaemonEvent['kind'];
/** Takes every event of the daemon. Never throws. */
export type EmitEvent = (event: DaemonEvent) => void;

/** An event that belongs to one account loop. */
export type AccountEvent = Extract<DaemonEvent, Origin>;
