import type { Change } from '../../core/domain/plan/plan.ts';
import type { AccountUpdate } from '../../core/domain/status/status-update.ts';
import { leads } from '../../core/domain/status/status-update.ts';
import { DEFAULT_RULES, endsSoon, type NotificationRules } from './ends-soon.ts';
import {
  auditNotifications,
  policyIsBad,
  policyIsValid,
  stateNotifications,
  tokenExpires,
} from './health-notifications.ts';
import type { NotificationChange } from './notification.ts';
import { changeItem, ITEMS_MOST } from './notification-fields.ts';
import { type FoundChanges, NO_CHANGES, type NotificationState, type Notified } from './notification-state.ts';
import { runNotifications } from './run-notifications.ts';

/** What to report of an event of one account: how its status differs, and what the event itself says. */
export function notificationsOf(
  state: NotificationState,
  change: AccountUpdate,
  rules: NotificationRules = DEFAULT_RULES,
): Notified {
  const { state: after, notifications } = notified(state, change, rules);
  return { state: after, notifications: isForOthers(change) ? [] : notifications };
}

function notified(state: NotificationState, change: AccountUpdate, rules: NotificationRules): Notified {
  const { event, at } = change;
  switch (event.kind) {
    case 'policy.rejected':
    case 'policy.unreadable':
      return policyIsBad(state, event, at);
    case 'policy.accepted':
    case 'policy.restored':
      return policyIsValid(state, event, at);
    case 'token.expiry':
      return tokenExpires(state, event, at);
    case 'state.unwritable':
      return { state, notifications: stateNotifications(change) };
    case 'run.started':
      return { state: { ...state, contested: NO_CHANGES, disproven: NO_CHANGES }, notifications: [] };
    case 'run.put':
      return { state, notifications: auditNotifications(change, event.outcome.error) };
    case 'change.contested': {
      const { hasBeenInPlace } = event;
      return {
        state: { ...state, contested: withChange(state.contested, event.change, { hasBeenInPlace }) },
        notifications: [],
      };
    }
    case 'token.disproven':
      return { state: { ...state, disproven: withChange(state.disproven, event.change) }, notifications: [] };
    case 'run.ended': {
      const ends = endsSoon(state, event, at, rules);
      return {
        state: ends.state,
        notifications: [...runNotifications(state, { ...change, event }), ...ends.notifications],
      };
    }
    default:
      return { state, notifications: [] };
  }
}

/** Of several replicas only one reports: the one that leads. It also reports on a run in which it ceased to lead. */
function isForOthers({ event, before }: AccountUpdate): boolean {
  if ('runId' in event && before.running !== null) return !before.running.isLed;
  return !leads(before);
}

function withChange(
  { changes, count }: FoundChanges,
  change: Change,
  more: Partial<Pick<NotificationChange, 'hasBeenInPlace'>> = {},
): FoundChanges {
  return {
    changes: changes.length < ITEMS_MOST ? [...changes, changeItem(change, more)] : changes,
    count: count + 1,
  };
}
