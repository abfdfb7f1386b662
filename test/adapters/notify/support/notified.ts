import type { Notification } from '../../../../src/adapters/notify/notification.ts';
import { NEW_STATE, type NotificationState } from '../../../../src/adapters/notify/notification-state.ts';
import { notificationsOf } from '../../../../src/adapters/notify/notifications-of.ts';
import type { DaemonEvent } from '../../../../src/core/domain/run/daemon-event.ts';
import { changesOf, isOfAccount } from '../../../support/observed.ts';

export interface Reported {
  readonly notifications: readonly Notification[];
  /** What the notifier remembers of each policy's account. */
  readonly states: ReadonlyMap<string, NotificationState>;
}

/** Everything that grantd reports of these events, each at its moment. */
export function reportedOf(events: readonly DaemonEvent[], at: (index: number) => number): Reported {
  const states = new Map<string, NotificationState>();
  const notifications = changesOf(events, at).flatMap((change) => {
    if (!isOfAccount(change)) return [];
    const { policy } = change.before;
    const notified = notificationsOf(states.get(policy) ?? NEW_STATE, change);
    states.set(policy, notified.state);
    return notified.notifications;
  });
  return { notifications, states };
}
