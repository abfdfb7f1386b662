/** One metric: everything that is said of it anywhere. */
export interface Metric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** `account`: there is one of it for each account, and it carries `account` and `policy` besides its own labels. */
  readonly of: 'process' | 'account';
  readonly labels: readonly string[];
  readonly help: string;
  /** Upper bounds, ascending, without the last one, which is infinite. */
  readonly buckets?: readonly number[];
}

/**
 * The one table of metrics, in the order in which they are served. docs/metrics.md is compared with it, both ways. Nothing
 * that names a person or a resource may become a label: a label is a word of grantd's own, an id, a revision or a path that
 * an operator wrote.
 */
export const METRICS = {
  grantd_build_info: {
    type: 'gauge',
    of: 'process',
    labels: ['version', 'node_version'],
    help: 'Always 1. Which grantd runs, on which Node.',
  },
  grantd_notifications_lost_total: {
    type: 'counter',
    of: 'process',
    labels: [],
    help: 'Notifications that could not be delivered, or were dropped because too many waited.',
  },
  grantd_leader: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Whether this process may write to the account: always, or while it holds its Lease where `lease` is on.',
  },
  grantd_policy_info: {
    type: 'gauge',
    of: 'account',
    labels: ['sha256', 'commit'],
    help: 'Always 1. The policy that counts: the last valid one. No series before the first.',
  },
  grantd_policy_valid: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Whether the policy file holds a valid text now.',
  },
  grantd_paused: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Whether the policy says that nothing may be written.',
  },
  grantd_watch_mode: {
    type: 'gauge',
    of: 'account',
    labels: ['mode'],
    help: 'How changes of the policy file are noticed: 1 for the mode in use, 0 for the other.',
  },
  grantd_schedule_next_timestamp_seconds: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'When the next scheduled run is due. No series where none is.',
  },
  grantd_next_boundary_timestamp_seconds: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'When the next date of the policy comes. No series where none lies ahead.',
  },
  grantd_schedule_missed_total: {
    type: 'counter',
    of: 'account',
    labels: [],
    help: 'Slots of the schedule that had passed before a run could begin.',
  },
  grantd_reconcile_total: {
    type: 'counter',
    of: 'account',
    labels: ['result', 'trigger'],
    help: 'Runs that ended.',
  },
  grantd_reconcile_duration_seconds: {
    type: 'histogram',
    of: 'account',
    labels: [],
    help: 'How long runs took.',
    buckets: [0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  },
  grantd_last_attempt_timestamp_seconds: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'When the last run began; 0 before the first.',
  },
  grantd_last_success_timestamp_seconds: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'When the last run ended that did all it may; 0 before the first.',
  },
  grantd_consecutive_failures: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'How many runs in a row have failed or were only partly done.',
  },
  grantd_commit_to_applied_seconds: {
    type: 'histogram',
    of: 'account',
    labels: [],
    help: 'From the modification of the policy file to the end of the run that made the account equal to it.',
    buckets: [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
  },
  grantd_pending_changes: {
    type: 'gauge',
    of: 'account',
    labels: ['kind'],
    help: 'Changes that the policy wants and that are not in place since the last run, held and deferred ones included.',
  },
  grantd_held: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Principals whose changes are held by guards.',
  },
  grantd_deferred_changes: {
    type: 'gauge',
    of: 'account',
    labels: ['reason'],
    help: 'Changes that wait because something they rely on is in doubt.',
  },
  grantd_contested_changes: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Changes that were written again and again and did not last.',
  },
  grantd_unmanageable_rows: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Rows that the policy wants otherwise and that grantd never writes.',
  },
  grantd_absent_principals: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Principals whom the policy names and who are not in the account.',
  },
  grantd_unlisted_principals: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Users and invites who hold access and whom no grant names.',
  },
  grantd_changes_applied_total: {
    type: 'counter',
    of: 'account',
    labels: ['kind'],
    help: 'Changes that were written and seen in place.',
  },
  grantd_api_requests_total: {
    type: 'counter',
    of: 'account',
    labels: ['method', 'route', 'code'],
    help: 'Requests sent to Mailtrap, repeated ones included; code is none where no answer came.',
  },
  grantd_api_request_duration_seconds: {
    type: 'histogram',
    of: 'account',
    labels: ['method'],
    help: 'From sending a request to the end of its answer.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  grantd_api_retries_total: {
    type: 'counter',
    of: 'account',
    labels: ['reason'],
    help: 'Requests that were sent again.',
  },
  grantd_rate_limit_wait_seconds_total: {
    type: 'counter',
    of: 'account',
    labels: [],
    help: 'Time that requests waited so as to stay within the rate limit.',
  },
  grantd_token_expires_timestamp_seconds: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'When the API token that grantd uses ends. No series where it does not, or where that is not known.',
  },
  grantd_state_failures_total: {
    type: 'counter',
    of: 'account',
    labels: [],
    help: 'Times that what grantd remembers could not be written down.',
  },
  grantd_audit_failures_total: {
    type: 'counter',
    of: 'account',
    labels: [],
    help: 'Times that the audit log could not be written.',
  },
} as const satisfies Readonly<Record<string, Metric>>;

export type MetricName = keyof typeof METRICS;

/** The labels of one metric, without those that every metric of an account has. */
export type LabelsOf<N extends MetricName> = { readonly [L in (typeof METRICS)[N]['labels'][number]]: string };

type NamesOf<T extends Metric['type']> = {
  [N in MetricName]: (typeof METRICS)[N]['type'] extends T ? N : never;
}[MetricName];

export type CounterName = NamesOf<'counter'>;
export type GaugeName = NamesOf<'gauge'>;
export type HistogramName = NamesOf<'histogram'>;
