/** One metric, with everything that grantd says about it. */
export interface Metric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** `account`: there is one for each account, with the labels `account` and `policy` besides its own. */
  readonly of: 'process' | 'account';
  readonly labels: readonly string[];
  readonly help: string;
  /** Upper bounds, ascending, without the last one, which is infinite. */
  readonly buckets?: readonly number[];
}

/**
 * The one table of metrics, in the order in which grantd serves them. A test compares it with docs/metrics.md, both ways.
 * Nothing that names a person or a resource may become a label: a label is a word of grantd, an id, a revision, or a path
 * that an operator wrote.
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
    help: 'Notifications that grantd could not deliver, or dropped because too many waited.',
  },
  grantd_leader: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Whether this process may write to the account: always, or, if `lease` is on, while it leads the account.',
  },
  grantd_policy_info: {
    type: 'gauge',
    of: 'account',
    labels: ['sha256', 'commit'],
    help: 'Always 1. The last valid policy. No series before the first.',
  },
  grantd_policy_valid: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Whether the policy file is valid now.',
  },
  grantd_paused: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Whether the policy is paused: nothing is written.',
  },
  grantd_watch_mode: {
    type: 'gauge',
    of: 'account',
    labels: ['mode'],
    help: 'How grantd notices changes of the policy file: 1 for the mode in use, 0 for the other.',
  },
  grantd_schedule_next_timestamp_seconds: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'When the next scheduled run is due. No series if none is.',
  },
  grantd_next_boundary_timestamp_seconds: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'When the next date of the policy is reached. No series if none is ahead.',
  },
  grantd_schedule_missed_total: {
    type: 'counter',
    of: 'account',
    labels: [],
    help: 'Slots of the schedule that passed before a run could start.',
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
    help: 'When the last run started; 0 before the first.',
  },
  grantd_last_success_timestamp_seconds: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'When the last successful run ended; 0 before the first.',
  },
  grantd_consecutive_failures: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'How many runs in a row failed or did only a part.',
  },
  grantd_commit_to_applied_seconds: {
    type: 'histogram',
    of: 'account',
    labels: [],
    help: 'From the modification of the policy file to the end of the run that made the account match it.',
    buckets: [1, 2.5, 5, 10, 30, 60, 120, 300, 600, 1800, 3600],
  },
  grantd_pending_changes: {
    type: 'gauge',
    of: 'account',
    labels: ['kind'],
    help: 'Changes that the policy asks for and that are not in place after the last run, including held and deferred ones.',
  },
  grantd_held: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Principals with changes that guards hold.',
  },
  grantd_deferred_changes: {
    type: 'gauge',
    of: 'account',
    labels: ['reason'],
    help: 'Changes that wait because something they rely on is in doubt.',
  },
  grantd_unresolved_names: {
    type: 'gauge',
    of: 'account',
    labels: ['reason'],
    help: 'Names of the policy that match no resource, or several.',
  },
  grantd_contested_changes: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Changes that grantd wrote again and again and that did not last.',
  },
  grantd_observed_changes: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Changes of what `observe` lists, which grantd plans and never writes.',
  },
  grantd_unmanageable_rows: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Rows that differ from the policy and that grantd never writes.',
  },
  grantd_absent_principals: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Principals that the policy names and that are not in the account.',
  },
  grantd_unlisted_principals: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'Users and invites that have access and that no grant names.',
  },
  grantd_changes_applied_total: {
    type: 'counter',
    of: 'account',
    labels: ['kind', 'cause'],
    help: 'Changes that grantd wrote and saw in place.',
  },
  grantd_api_requests_total: {
    type: 'counter',
    of: 'account',
    labels: ['method', 'route', 'code'],
    help: 'Requests sent to Mailtrap, including repeated ones; code is none if no answer came.',
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
    help: 'Requests that grantd sent again.',
  },
  grantd_rate_limit_wait_seconds_total: {
    type: 'counter',
    of: 'account',
    labels: [],
    help: 'Time that requests waited to stay within the rate limit.',
  },
  grantd_token_expires_timestamp_seconds: {
    type: 'gauge',
    of: 'account',
    labels: [],
    help: 'When the API token of grantd expires. No series if it does not, or if that is unknown.',
  },
  grantd_state_failures_total: {
    type: 'counter',
    of: 'account',
    labels: [],
    help: 'Failed attempts to write the state.',
  },
  grantd_audit_failures_total: {
    type: 'counter',
    of: 'account',
    labels: [],
    help: 'Failed attempts to write the audit log.',
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
