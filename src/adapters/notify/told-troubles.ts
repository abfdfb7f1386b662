import { revisionText } from '../../core/domain/policy/revision.ts';
import type { DaemonEvent, Origin, RunMark } from '../../core/domain/run/daemon-event.ts';
import type { GrantdError } from '../../core/domain/text/error.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import { counted, errorExtras, ITEMS_MOST, messageOf, problemItem } from './message-parts.ts';
import { type Notified, type PolicyTold, REJECTIONS_MOST } from './told.ts';

/** The same bad text is told again only so much later, however often the file changes to and fro. */
const REJECTED_AGAIN_AFTER_MS = 60 * 60 * 1000;

const DAY_MS = 24 * 60 * 60 * 1000;
/** How long before its end a token is told to end. */
const EXPIRES_SOON_MS = 14 * DAY_MS;

type EventOf<K extends DaemonEvent['kind']> = Extract<DaemonEvent, { readonly kind: K }>;

export function policyIsBad(
  told: PolicyTold,
  event: EventOf<'policy.rejected' | 'policy.unreadable'>,
  now: Instant,
): Notified<PolicyTold> {
  const key = keyOf(event);
  const isKnown = told.rejections.some((one) => one.key === key && now - one.at < REJECTED_AGAIN_AFTER_MS);
  if (isKnown) return { told, messages: [] };
  const others = told.rejections.filter((one) => one.key !== key);
  const rejections = [{ key, at: now }, ...others].slice(0, REJECTIONS_MOST);
  return { told: { ...told, rejections, isRejected: true }, messages: [badPolicy(event, now)] };
}

function keyOf(event: EventOf<'policy.rejected' | 'policy.unreadable'>): string {
  if (event.kind === 'policy.rejected') return event.revision.sha256;
  return `${event.error.code} ${event.error.message}`;
}

function badPolicy(event: EventOf<'policy.rejected' | 'policy.unreadable'>, now: Instant) {
  const meanwhile =
    event.fallback === null
      ? 'nothing runs until it is mended'
      : `${revisionText(event.fallback)} stands in and only takes back what ends`;
  if (event.kind === 'policy.unreadable') {
    const what =
      event.error.code === 'account-conflict' ? 'is refused for the account that it names' : 'cannot be read';
    const summary = `the policy file ${what}; ${meanwhile}`;
    return messageOf(event, now, 'policy.unreadable', 'error', summary, errorExtras(event.error));
  }
  const errors = event.problems.filter(({ severity }) => severity === 'error');
  const paused = event.saysPaused ? '; it says `paused: true`, so nothing is written' : '';
  const summary = `the policy file is invalid (${counted(errors.length, 'error')}); ${meanwhile}${paused}`;
  return messageOf(event, now, 'policy.rejected', 'error', summary, {
    remedy: 'mend the policy file: `grantd validate` says what is wrong',
    revision: event.revision,
    count: errors.length,
    problems: errors.slice(0, ITEMS_MOST).map(problemItem),
  });
}

export function policyIsValid(
  told: PolicyTold,
  event: EventOf<'policy.accepted' | 'policy.restored'>,
  now: Instant,
): Notified<PolicyTold> {
  if (!told.isRejected) return { told, messages: [] };
  const message = messageOf(event, now, 'policy.valid', 'info', 'the policy file holds a valid text again', {
    revision: event.revision,
  });
  return { told: { ...told, isRejected: false }, messages: [message] };
}

export function tokenExpires(told: PolicyTold, event: EventOf<'token.expiry'>, now: Instant): Notified<PolicyTold> {
  const { expiresAt } = event;
  const today = Math.floor(now / DAY_MS);
  if (expiresAt === null || expiresAt - now > EXPIRES_SOON_MS || told.expiryDay === today) {
    return { told, messages: [] };
  }
  const days = Math.floor((expiresAt - now) / DAY_MS);
  const when = expiresAt <= now ? 'has ended' : days === 0 ? 'ends within a day' : `ends in ${counted(days, 'day')}`;
  const message = messageOf(
    event,
    now,
    'token.expires',
    expiresAt <= now ? 'error' : 'warning',
    `the API token that grantd uses ${when}`,
    { remedy: 'make a new one in Mailtrap and put it in place of this one', expiresAt: instantText(expiresAt) },
  );
  return { told: { ...told, expiryDay: today }, messages: [message] };
}

export function stateFailed(told: PolicyTold, event: EventOf<'state.unwritable'>, now: Instant): Notified<PolicyTold> {
  const after = { ...told, hasStateFailed: true, isStateBroken: true };
  if (told.isStateBroken) return { told: after, messages: [] };
  const summary = 'the state cannot be written: what grantd remembers lasts only as long as the process';
  const message = messageOf(event, now, 'state.unwritable', 'warning', summary, errorExtras(event.error));
  return { told: after, messages: [message] };
}

/** A run that read the account has saved what it learned, unless it was told otherwise. */
export function stateWorks(told: PolicyTold, about: Origin, now: Instant): Notified<PolicyTold> {
  if (!told.isStateBroken || told.hasStateFailed) return { told, messages: [] };
  const message = messageOf(about, now, 'state.writable', 'info', 'the state can be written again');
  return { told: { ...told, isStateBroken: false }, messages: [message] };
}

export function auditFailed(told: PolicyTold, about: RunMark, error: GrantdError, now: Instant): Notified<PolicyTold> {
  if (told.isAuditBroken) return { told, messages: [] };
  const summary = 'the audit log cannot be written, so nothing is written to the account';
  const message = messageOf(about, now, 'audit.unwritable', 'error', summary, errorExtras(error));
  return { told: { ...told, isAuditBroken: true }, messages: [message] };
}

export function auditWorks(told: PolicyTold, about: RunMark, now: Instant): Notified<PolicyTold> {
  if (!told.isAuditBroken) return { told, messages: [] };
  const message = messageOf(about, now, 'audit.writable', 'info', 'the audit log can be written again');
  return { told: { ...told, isAuditBroken: false }, messages: [message] };
}
