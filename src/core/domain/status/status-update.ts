import type { AccountEvent, DaemonEvent } from '../run/daemon-event.ts';
import type { Instant } from '../text/instant.ts';
import type { AccountStatus } from './account-status.ts';

/** One event of one account, with the status of the account before and after it. */
export interface AccountUpdate {
  readonly event: AccountEvent;
  readonly before: AccountStatus;
  /** The same object as `before` if the event changes nothing in it. */
  readonly after: AccountStatus;
  /** When the daemon emitted the event. */
  readonly at: Instant;
}

/** One event of the whole process, which has no account. */
export interface ProcessUpdate {
  readonly event: Exclude<DaemonEvent, AccountEvent>;
  readonly before: null;
  readonly after: null;
  readonly at: Instant;
}

/** What the daemon hands to metrics, the HTTP status, notifications and the log: each event once, folded once. */
export type StatusUpdate = AccountUpdate | ProcessUpdate;

export type DaemonObserver = (change: StatusUpdate) => void;

/** Whether this replica writes to the account: always if it is the only one, else while it leads. */
export function leads({ lease }: AccountStatus): boolean {
  return lease === null || lease.role === 'leader';
}
