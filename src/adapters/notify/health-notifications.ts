import { revisionText } from '../../core/domain/policy/revision.ts';
import type { DaemonEvent } from '../../core/domain/run/daemon-event.ts';
import type { AccountUpdate } from '../../core/domain/status/status-update.ts';
import type { GrantdError } from '../../core/domain/text/error.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import { counted } from '../../core/domain/text/text.ts';
import type { Notification } from './notification.ts';
import { errorExtras, ITEMS_MOST, notificationOf, problemItem } from './notification-fields.ts';
import { type NotificationState, type Notified, REJECTIONS_MOST } from './notification-state.ts';

/** grantd reports the same refused text again only after so long, however often the file changes to and fro. */
const REJECTED_AGAIN_AFTER_MS = 60 * 60 * 1000;

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long before its end a token counts as about to expire. */
const EXPIRES_SOON_MS = 14 * DAY_MS;

type EventOf<K extends DaemonEvent['kind']> = Extract<DaemonEvent, { readonly kind: K }>;
type BadPolicy = EventOf<'policy.rejected' | 'policy.unreadable'>;

export function policyIsBad(state: NotificationState, event: BadPolicy, now: Instant): Notified {
  const key = keyOf(event);
  const isKnown = state.rejections.some((one) => one.key === key && now - one.at < REJECTED_AGAIN_AFTER_MS);
  if (isKnown) return { state, notifications: [] };
  const others = state.rejections.filter((one) => one.key !== key);
  const rejections = [{ key, at: now }, ...others].slice(0, REJECTIONS_MOST);
  return { state: { ...state, rejections, isRejected: true }, notifications: [badPolicy(event, now)] };
}

function keyOf(event: BadPolicy): string {
  if (event.kind === 'policy.rejected') return event.revision.sha256;
  return `${event.error.code} ${event.error.message}`;
}

function badPolicy(event: BadPolicy, now: Instant): Notification {
  const meanwhile =
    event.fallback === null
      ? 'nothing runs until you fix it'
      : `the fallback policy ${revisionText(event.fallback)} counts, and only removes access that has expired and account admin that someone else gave`;
  const paused = event.saysPaused ? '; it says `paused: true`, so nothing is written' : '';
  if (event.kind === 'policy.unreadable') {
    const what =
      event.error.code === 'account-conflict' ? 'is refused because of the account that it names' : 'cannot be read';
    const summary = `the policy file ${what}; ${meanwhile}${paused}`;
    return notificationOf(event, now, 'policy.unreadable', 'error', summary, errorExtras(event.error));
  }
  const errors = event.problems.filter(({ severity }) => severity === 'error');
  const summary = `the policy file is invalid (${counted(errors.length, 'error')}); ${meanwhile}${paused}`;
  return notificationOf(event, now, 'policy.rejected', 'error', summary, {
    remedy: 'fix the policy file; run `grantd validate`',
    revision: event.revision,
    count: errors.length,
    problems: errors.slice(0, ITEMS_MOST).map(problemItem),
  });
}

export function policyIsValid(
  state: NotificationState,
  event: EventOf<'policy.accepted' | 'policy.restored'>,
  now: Instant,
): Notified {
  if (!state.isRejected) return { state, notifications: [] };
  const { revision } = event;
  const valid = notificationOf(event, now, 'policy.valid', 'info', 'the policy file is valid again', { revision });
  return { state: { ...state, isRejected: false }, notifications: [valid] };
}

export function tokenExpires(state: NotificationState, event: EventOf<'token.expiry'>, now: Instant): Notified {
  const { expiresAt } = event;
  const today = Math.floor(now / DAY_MS);
  if (expiresAt === null || expiresAt - now > EXPIRES_SOON_MS || state.expiryDay === today) {
    return { state, notifications: [] };
  }
  const days = Math.floor((expiresAt - now) / DAY_MS);
  const soon = days === 0 ? 'expires within a day' : `expires in ${counted(days, 'day')}`;
  const isOver = expiresAt <= now;
  const summary = `the API token of grantd ${isOver ? 'has expired' : soon}`;
  const expires = notificationOf(event, now, 'token.expires', isOver ? 'error' : 'warning', summary, {
    remedy: 'make a new one in Mailtrap and put it in place of this one',
    expiresAt: instantText(expiresAt),
  });
  return { state: { ...state, expiryDay: today }, notifications: [expires] };
}

/** Whether grantd can write the state, if that changed. */
export function stateNotifications({ before, event, after, at }: AccountUpdate): readonly Notification[] {
  if (before.isStateWritable === after.isStateWritable) return [];
  if (event.kind !== 'state.unwritable') {
    return [notificationOf(event, at, 'state.writable', 'info', 'grantd can write the state again')];
  }
  const summary = 'grantd cannot write the state: what it remembers lasts only as long as the process';
  return [notificationOf(event, at, 'state.unwritable', 'warning', summary, errorExtras(event.error))];
}

/** Whether grantd can write the audit log, if that changed. `error` is why not. */
export function auditNotifications(
  { before, event, after, at }: AccountUpdate,
  error: GrantdError | null,
): readonly Notification[] {
  if (before.isAuditWritable === after.isAuditWritable) return [];
  if (error === null || after.isAuditWritable) {
    return [notificationOf(event, at, 'audit.writable', 'info', 'grantd can write the audit log again')];
  }
  const summary = 'grantd cannot write the audit log, so it writes nothing to the account';
  return [notificationOf(event, at, 'audit.unwritable', 'error', summary, errorExtras(error))];
}
