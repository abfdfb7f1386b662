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
