import type {
  AccountStatus,
  Condition,
  DatedRevision,
  LeaseStatus,
  NextRuns,
  PendingStatus,
  RunningStatus,
  RunStatus,
  ValidityStatus,
} from '../../core/domain/status/account-status.ts';

/** The version of the format; another one means another shape. */
export const STATUS_VERSION = 1;

/** What `GET /api/v1/status` answers (schemas/status.v1.schema.json). Every moment is ISO 8601 in UTC. */
export interface DaemonStatus {
  readonly version: typeof STATUS_VERSION;
  /** False if e-mails, names, and every text that may contain one, are left out. */
  readonly hasNames: boolean;
  /** The version of grantd. */
  readonly grantd: string;
  readonly time: string;
  /** Null before the daemon started. */
  readonly startedAt: string | null;
  readonly isStopping: boolean;
  readonly schedule: string | null;
  readonly timezone: string | null;
  readonly accounts: readonly AccountJson[];
}

/** `T` with a text in place of each of these moments. */
type Dated<T, K extends keyof T> = Omit<T, K> & { readonly [Key in K]: T[Key] extends number ? string : string | null };

/** The status of one account as the port serves it: a part of it, with texts for moments. */
export interface AccountJson extends Pick<AccountStatus, 'policy' | 'account' | 'validity' | 'failures' | 'watch'> {
  readonly conditions: readonly Dated<Condition, 'lastTransitionTime'>[];
  readonly lease: Dated<LeaseStatus, 'since' | 'waitsUntil'> | null;
  readonly revisions: { readonly [Key in keyof AccountStatus['revisions']]: Dated<DatedRevision, 'at'> | null };
  readonly validity: ValidityStatus;
  readonly running: Dated<Omit<RunningStatus, 'isLed' | 'isFallback' | 'storageError'>, 'startedAt'> | null;
  readonly runs: readonly Dated<RunStatus, 'startedAt'>[];
  readonly pending: Dated<Omit<PendingStatus, 'kinds' | 'deferred' | 'unresolved'>, 'plannedAt'> | null;
  readonly next: Dated<NextRuns, keyof NextRuns>;
  /** How many changes come back although grantd writes them. */
  readonly contested: number;
  readonly tokenExpiresAt: string | null;
}
