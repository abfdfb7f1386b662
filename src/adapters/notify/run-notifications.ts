import { principalText } from '../../core/domain/account/principal.ts';
import { endsAccountAdmin } from '../../core/domain/plan/batch.ts';
import { requestedChanges } from '../../core/domain/plan/change-key.ts';
import { DEFERRED_WORDS } from '../../core/domain/plan/deferred-words.ts';
import {
  type Change,
  DEFERRED_REASONS,
  type Deferred,
  type DeferredReason,
  isInDoubt,
  type Plan,
} from '../../core/domain/plan/plan.ts';
import { unresolvedText } from '../../core/domain/plan/unresolved.ts';
import type { RunEnded } from '../../core/domain/run/daemon-event.ts';
import { hintTexts } from '../../core/domain/run/mailtrap-event.ts';
import { type ChangeOutcome, planLeft, triedApprovals } from '../../core/domain/run/run-result.ts';
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
} from './notification-fields.ts';
import type { FoundChanges, NotificationState } from './notification-state.ts';
import { type RunUpdate, unlistedNotifications } from './unlisted-notifications.ts';

/** How many people a summary names. */
const NAMES_MOST = 3;

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
    ...unlistedNotifications(change),
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
  const drift = driftOf(applied.map(({ change }) => change));
  const undone = drift.count === 0 ? '' : `; ${drift.count} by drift: what someone else had changed is undone`;
  const summary = `${counted(applied.length, 'change')} written and seen in place${rest}${undone}${drift.adminsText}`;
  const changes = applied
    .slice(0, ITEMS_MOST)
    .map(({ change, auditHash }) => changeItem(change, { auditHash, hints: hintTexts(event.hints, change) }));
  const approved = triedApprovals(event.result).slice(0, ITEMS_MOST).map(approvedItem);
  return [
    notificationOf(event, at, 'changes.applied', drift.hasAdmins ? 'warning' : 'info', summary, {
      remedy: drift.hasAdmins ? FIND_OUT : null,
      count: applied.length,
      changes,
      approved,
    }),
  ];
}

const FIND_OUT = 'find out who made them account admin, and whether others have that access too';

/** What of the changes is about what someone else did, and whom someone else had made account admin. */
function driftOf(changes: readonly Change[]) {
  const drift = changes.filter(({ cause }) => cause === 'drift');
  const admins = namesOf(drift.filter(endsAccountAdmin));
  const adminsText = admins.length === 0 ? '' : `; someone else had made ${someOf(admins)} account admin`;
  return { count: drift.length, hasAdmins: admins.length > 0, adminsText };
}

function namesOf(changes: readonly Change[]): readonly string[] {
  return [...new Set(changes.map(({ principal }) => principalText(principal)))];
}

/** The first names, and how many more there are. */
function someOf(names: readonly string[]): string {
  const rest = names.length - NAMES_MOST;
  return names.slice(0, NAMES_MOST).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
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
  const drift = driftOf(requested);
  const left = drift.count === 0 ? '' : `; ${drift.count} by drift: what someone else changed stays so`;
  const summary = `the policy is paused, and ${counted(requested.length, 'change')} not written${left}${drift.adminsText}`;
  return [
    notificationOf(event, at, 'changes.paused', drift.count > 0 ? 'warning' : 'info', summary, {
      remedy: `set \`paused: false\` to continue; grantd plan shows what would follow${drift.hasAdmins ? `; ${FIND_OUT}` : ''}`,
      count: requested.length,
      changes: requested.slice(0, ITEMS_MOST).map((one) => changeItem(one, { hints: hintTexts(event.hints, one) })),
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
  const reasons = DEFERRED_REASONS.filter((reason) => waiting.some((one) => one.reason === reason));
  const changes = `${counted(waiting.length, 'change')} of ${counted(principals, 'principal')} not written, and deferred (${reasons.join(', ')})`;
  const summary = [...(waiting.length === 0 ? [] : [changes]), ...(names === null ? [] : [names])].join('; ');
  return [
    notificationOf(event, at, 'changes.deferred', 'warning', summary, {
      remedy: deferredRemedy(reasons, waiting, plan),
      count: waiting.length,
      deferred: waiting.slice(0, ITEMS_MOST).map(deferredItem),
    }),
  ];
}

/** What to do about each reason. A notice about the very person says more than the words of the reason. */
function deferredRemedy(reasons: readonly DeferredReason[], waiting: readonly Deferred[], { notices }: Plan): string {
  const remedies = reasons.flatMap((reason) => {
    const accesses = new Set(waiting.filter((one) => one.reason === reason).map(({ change }) => change.access));
    const [notice] = notices.filter(
      ({ code, access }) => code === reason && access !== undefined && accesses.has(access),
    );
    return notice?.remedy ?? DEFERRED_WORDS[reason].remedy;
  });
  return (
    [...new Set(remedies)].join('; ') ||
    'correct the names in the policy, or use ids; grantd plan offers the nearest names'
  );
}

const SETTLED = 'nothing waits any more because something is in doubt';

function ofContested({ changes, count }: FoundChanges, event: RunEnded, at: Instant): readonly Notification[] {
  if (count === 0) return [];
  const summary = `grantd wrote ${counted(count, 'change')} three times, and each write was undone; it now retries once a day`;
  const remedy = 'find who or what changes it back, or let the policy agree with it; `grantd apply` tries it at once';
  return [notificationOf(event, at, 'changes.contested', 'warning', summary, { remedy, changes, count })];
}

function ofDisproven({ changes, count }: FoundChanges, event: RunEnded, at: Instant): readonly Notification[] {
  if (count === 0) return [];
  const summary = `the first raise of ${counted(count, 'API token')} did not show, so an access may belong to someone else`;
  const remedy = 'fix the two ids of the token in `tokens`, and check that access in Mailtrap';
  return [notificationOf(event, at, 'token.disproven', 'error', summary, { remedy, changes, count })];
}

function ofFailing({ before, event, after, at }: RunUpdate): readonly Notification[] {
  if (before.lastRun.isFailing === after.lastRun.isFailing) return [];
  if (!after.lastRun.isFailing) return [notificationOf(event, at, 'run.recovered', 'info', 'runs end well again')];
  if (event.error !== null) {
    const summary = event.error.code === 'put-replaces' ? PUT_REPLACES : 'a run failed, and grantd will retry it';
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
      changes: missed
        .slice(0, ITEMS_MOST)
        .map(({ change, auditHash }) => changeItem(change, { auditHash, hints: hintTexts(event.hints, change) })),
    }),
  ];
}

const PUT_REPLACES =
  'a PUT took rows that it did not name, so grantd writes nothing more to the account until you clear that';

function outcomesOf({ result }: RunEnded): readonly ChangeOutcome[] {
  return result?.kind === 'written' ? result.outcomes : [];
}
