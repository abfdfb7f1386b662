/**
 * Everything that can ask for a run of the daemon, with one line on what it means. The list is closed: it is the label
 * `trigger` of metrics and logs, and docs/metrics.md has a row for each.
 */
export const TRIGGERS = {
  start: 'the daemon began',
  file: 'an event of the file system led to another policy text',
  poll: 'the periodic re-read found another policy text, of which no event told',
  schedule: 'a slot of the schedule',
  boundary: 'a `from`, `until` or `ends` of the policy came',
  lease: 'the Lease of the account was got, or a new holder has waited long enough',
  request: '`POST /-/reconcile`',
  signal: 'SIGHUP',
  retry: 'the wait after a failed run is over',
} as const;

export type Trigger = keyof typeof TRIGGERS;
