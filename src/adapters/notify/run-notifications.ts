import { requestedChanges } from '../../core/domain/plan/change-key.ts';
import { DEFERRED_REASONS, isInDoubt, type Plan } from '../../core/domain/plan/plan.ts';
import { unresolvedText } from '../../core/domain/plan/unresolved.ts';
import type { RunEnded } from '../../core/domain/run/daemon-event.ts';
import { type ChangeOutcome, planLeft, triedApprovals } from '../../core/domain/run/run-result.ts';
import { UNLISTED_KEPT } from '../../core/domain/status/account-status.ts';
import type { AccountUpdate } from '../../core/domain/status/status-update.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { counted } from '../../core/domain/text/text.ts';
import { auditNotifications, stateNotifications } from './health-notifications.ts';
import type { Notification } from './notification.ts';
import {
  approvedItem,
  changeItem,
  deferredItem,
  errorExtras,
  heldItem,
  ITEMS_MOST,
  notificationOf,
  unlistedItem,
} from './notification-fields.ts';
import type { FoundChanges, NotificationState } from './notification-state.ts';

type RunUpdate = AccountUpdate & { readonly event: RunEnded };

/** What to report of a run that ended, in the order of the notifications. */
export function runNotifications(
  { contested, disproven }: NotificationState,
  change: RunUpdate,
): readonly Notification[] {
  const { event, at } = change;
  return [
    ...ofApplied(event, at),
    ...ofHeld(change),
    ...ofDeferred(change),
    ...ofPaused(change),
    ...ofContested(contested, event, at),
    ...ofDisproven(disproven, event, at),
    ...ofUnlisted(change),
    ...auditNotifications(change, event.error),
    ...ofFailing(change),
    ...stateNotifications(change),
  ];
}

function ofApplied(event: RunEnded, at: Instant): readonly Notification[] {
  const outcomes = outcomesOf(event);
  const applied = outcomes.filter(({ outcome }) => outcome === 'applied');
  if (applied.length === 0) return [];
  const missed = outcomes.length - applied.length;
  const rest = missed === 0 ? '' : `; ${counted(missed, 'other')} not`;
  const summary = `${counted(applied.length, 'change')} written and seen in place${rest}`;
  const changes = applied.slice(0, ITEMS_MOST).map(({ change, auditHash }) => changeItem(change, { auditHash }));
  const approved = triedApprovals(event.result).slice(0, ITEMS_MOST).map(approvedItem);
  return [notificationOf(event, at, 'changes.applied', 'info', summary, { count: applied.length, changes, approved })];
}

function ofHeld({ before, event, after, at }: RunUpdate): readonly Notification[] {
  const plan = planLeft(event.result);
  if (plan === null || before.lastRun.held === after.lastRun.held) return [];
  if (plan.held.length > 0) return [heldNotification(event, plan, at)];
  return [notificationOf(event, at, 'changes.released', 'info', 'guards no longer hold anything')];
}

function heldNotification(event: RunEnded, { held, refusals }: Plan, at: Instant): Notification {
  const rules = refusals.map(({ rule }) => rule).join(', ');
  const changes = held.reduce((sum, part) => sum + part.changes.length, 0);
  const summary = `guards (${rules}) hold ${counted(changes, 'change')} of ${counted(held.length, 'principal')}`;
  return notificationOf(event, at, 'changes.held', 'warning', summary, {
    remedy: refusals.map(({ remedy }) => remedy).join('; ') || null,
    count: held.length,
    held: held.slice(0, ITEMS_MOST).map(heldItem),
  });
}

function ofPaused({ before, event, after, at }: RunUpdate): readonly Notification[] {
  const plan = planLeft(event.result);
  if (plan === null || before.lastRun.isPaused || !after.lastRun.isPaused) return [];
  const requested = requestedChanges(plan);
  const summary = `the policy is paused, and ${counted(requested.length, 'change')} not written`;
  return [
    notificationOf(event, at, 'changes.paused', 'info', summary, {
      remedy: 'set `paused: false` to continue; grantd plan shows what would follow',
      count: requested.length,
      changes: requested.slice(0, ITEMS_MOST).map((one) => changeItem(one)),
    }),
  ];
}

/** What is contested, and what waits for another entry of a token, has notifications of its own. */
function ofDeferred({ before, event, after, at }: RunUpdate): readonly Notification[] {
  const plan = planLeft(event.result);
  if (plan === null || before.lastRun.deferred === after.lastRun.deferred) return [];
  const waiting = plan.deferred.filter(isInDoubt);
  const names = unresolvedText(plan.unresolved);
  if (waiting.length === 0 && names === null) return [notificationOf(event, at, 'changes.settled', 'info', SETTLED)];
  const principals = new Set(waiting.map(({ change }) => change.access)).size;
  const reasons = DEFERRED_REASONS.filter((reason) => waiting.some((one) => one.reason === reason)).join(', ');
  const changes = `${counted(waiting.length, 'change')} of ${counted(principals, 'principal')} not written, and deferred (${reasons})`;
  const summary = [...(waiting.length === 0 ? [] : [changes]), ...(names === null ? [] : [names])].join('; ');
  return [
    notificationOf(event, at, 'changes.deferred', 'warning', summary, {
      remedy: 'grantd plan shows what each one waits for, and what to do',
      count: waiting.length,
      deferred: waiting.slice(0, ITEMS_MOST).map(deferredItem),
    }),
  ];
}

const SETTLED = 'nothing waits any more because something is in doubt';

function ofContested({ changes, count }: FoundChanges, event: RunEnded, at: Instant): readonly Notification[] {
  if (count === 0) return [];
  const summary = `grantd wrote ${counted(count, 'change')} three times, and each write was undone; it now retries once a day`;
  const remedy = 'find who or what changes it back, or let the policy agree with it';
  return [notificationOf(event, at, 'changes.contested', 'warning', summary, { remedy, changes, count })];
}

function ofDisproven({ changes, count }: FoundChanges, event: RunEnded, at: Instant): readonly Notification[] {
  if (count === 0) return [];
  const summary = `the first raise of ${counted(count, 'API token')} did not show, so an access may belong to someone else`;
  const remedy = 'fix the two ids of the token in `tokens`, and check that access in Mailtrap';
  return [notificationOf(event, at, 'token.disproven', 'error', summary, { remedy, changes, count })];
}

/** Later runs are compared with the first plan since the start, which reports no one. */
function ofUnlisted({ before, event, at }: RunUpdate): readonly Notification[] {
  const plan = planLeft(event.result);
  if (plan === null || plan.unlisted.length === 0 || before.lastRun.unlisted === null) return [];
  const known = new Set(before.lastRun.unlisted);
  const fresh = plan.unlisted.slice(0, UNLISTED_KEPT).filter(({ access }) => !known.has(access));
  if (fresh.length === 0) return [];
  const principals = counted(fresh.length, 'unlisted principal');
  const summary = `${principals} appeared: they have access, and no grant names them`;
  return [
    notificationOf(event, at, 'unlisted.appeared', 'warning', summary, {
      remedy: 'name them in a grant, ignore them, or remove their access in Mailtrap',
      count: fresh.length,
      unlisted: fresh.slice(0, ITEMS_MOST).map(unlistedItem),
    }),
  ];
}

function ofFailing({ before, event, after, at }: RunUpdate): readonly Notification[] {
  if (before.lastRun.isFailing === after.lastRun.isFailing) return [];
  if (!after.lastRun.isFailing) return [notificationOf(event, at, 'run.recovered', 'info', 'runs end well again')];
  if (event.error !== null) {
    const summary = 'a run failed, and grantd will retry it';
    return [notificationOf(event, at, 'run.failing', 'error', summary, errorExtras(event.error))];
  }
  const outcomes = outcomesOf(event);
  const missed = outcomes.filter(({ outcome }) => outcome !== 'applied');
  const left = planLeft(event.result)?.changes.length ?? 0;
  const summary =
    missed.length > 0
      ? `${missed.length} of ${counted(outcomes.length, 'change')} not written`
      : `the account changed during the run: ${counted(left, 'change')} left`;
  return [
    notificationOf(event, at, 'run.failing', 'error', summary, {
      remedy: 'look at `change.not-applied` in the log',
      count: missed.length,
      changes: missed.slice(0, ITEMS_MOST).map(({ change, auditHash }) => changeItem(change, { auditHash })),
    }),
  ];
}

function outcomesOf({ result }: RunEnded): readonly ChangeOutcome[] {
  return result?.kind === 'written' ? result.outcomes : [];
}
