import type { Instant } from '../../core/domain/text/instant.ts';
import type { Notification, NotificationChange } from './notification.ts';

/**
 * What the notifier remembers besides the status of an account, so that it reports nothing twice. Lost with the process.
 * The status says everything else.
 */
export interface NotificationState {
  /** Refused texts of the policy that were reported, the newest first; `REJECTIONS_MOST` at most. */
  readonly rejections: readonly { readonly key: string; readonly at: Instant }[];
  /** Whether a refused text was reported, and not yet that the file is valid again. */
  readonly isRejected: boolean;
  /** The day, counted in UTC, on which the end of the token was last reported. */
  readonly expiryDay: number | null;
  /** Changes that the run under way, or else the last one, found contested. */
  readonly contested: FoundChanges;
  /** First raises that did not show in the run under way, or else in the last one. */
  readonly disproven: FoundChanges;
  /** The ends that were reported and are still ahead. */
  readonly ends: ReadonlySet<string>;
}

/** Changes to report together once the run has ended. */
export interface FoundChanges {
  /** The first `ITEMS_MOST`. */
  readonly changes: readonly NotificationChange[];
  readonly count: number;
}

export const REJECTIONS_MOST = 20;

export const NO_CHANGES: FoundChanges = { changes: [], count: 0 };

export const NEW_STATE: NotificationState = {
  rejections: [],
  isRejected: false,
  expiryDay: null,
  contested: NO_CHANGES,
  disproven: NO_CHANGES,
  ends: new Set(),
};

/** What the notifier remembers after an event, and what it reports. */
export interface Notified {
  readonly state: NotificationState;
  readonly notifications: readonly Notification[];
}
