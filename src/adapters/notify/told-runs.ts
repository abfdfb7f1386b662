import { createHash } from 'node:crypto';
import type { HeldPart, Plan } from '../../core/domain/plan/plan.ts';
import type { RunEnded } from '../../core/domain/run/daemon-event.ts';
import type { ChangeOutcome } from '../../core/domain/run/run-result.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { Message } from './message.ts';
import { changeItem, counted, errorExtras, heldItem, ITEMS_MOST, messageOf, unlistedItem } from './message-parts.ts';
import { type Lessons, type Notified, type PolicyTold, UNLISTED_MOST } from './told.ts';
import { auditFailed, stateWorks } from './told-troubles.ts';

type Step = (told: PolicyTold, event: RunEnded, now: Instant) => Notified<PolicyTold>;

/** What a run leaves to tell, in the order of telling. */
const STEPS: readonly Step[] = [
  tellApplied,
  tellHeld,
  tellContested,
  tellDisproven,
  tellUnlisted,
  tellAudit,
  tellFailing,
  tellState,
];

export function runEnded(told: PolicyTold, event: RunEnded, now: Instant): Notified<PolicyTold> {
  return STEPS.reduce<Notified<PolicyTold>>(
    (sum, step) => {
      const { told: after, messages } = step(sum.told, event, now);
      return { told: after, messages: [...sum.messages, ...messages] };
    },
    { told, messages: [] },
  );
}

function tellApplied(told: PolicyTold, event: RunEnded, now: Instant): Notified<PolicyTold> {
  const outcomes = outcomesOf(event);
  const applied = outcomes.filter(({ outcome }) => outcome === 'applied');
  if (applied.length === 0) return { told, messages: [] };
  const missed = outcomes.length - applied.length;
  const rest = missed === 0 ? '' : `; ${counted(missed, 'other')} not`;
  const summary = `${counted(applied.length, 'change')} written and seen in place${rest}`;
  const changes = applied.slice(0, ITEMS_MOST).map(({ change, auditHash }) => changeItem(change, { auditHash }));
  return {
    told,
    messages: [messageOf(event, now, 'changes.applied', 'info', summary, { count: applied.length, changes })],
  };
}

function tellHeld(told: PolicyTold, event: RunEnded, now: Instant): Notified<PolicyTold> {
  const plan = planLeft(event);
  if (plan === null || event.end === 'stopped') return { told, messages: [] };
  const held = hashOf(plan.held);
  if (held === told.held) return { told, messages: [] };
  return { told: { ...told, held }, messages: [held === '' ? released(event, now) : heldMessage(event, plan, now)] };
}

function released(event: RunEnded, now: Instant): Message {
  return messageOf(event, now, 'changes.released', 'info', 'guards hold nothing any more');
}

function heldMessage(event: RunEnded, { held, refusals }: Plan, now: Instant): Message {
  const rules = refusals.map(({ rule }) => rule).join(', ');
  const changes = held.reduce((sum, part) => sum + part.changes.length, 0);
  const summary = `guards (${rules}) hold ${counted(changes, 'change')} of ${counted(held.length, 'principal')}`;
  return messageOf(event, now, 'changes.held', 'warning', summary, {
    remedy: refusals.map(({ remedy }) => remedy).join('; ') || null,
    count: held.length,
    held: held.slice(0, ITEMS_MOST).map(heldItem),
  });
}

/** One hash however many parts there are, and in whatever order. */
function hashOf(held: readonly HeldPart[]): string {
  if (held.length === 0) return '';
  const digests = held.map(({ digest }) => digest).sort();
  return createHash('sha256').update(digests.join('\n')).digest('hex');
}

function tellContested(told: PolicyTold, event: RunEnded, now: Instant): Notified<PolicyTold> {
  const { count } = told.contested;
  const summary = `${counted(count, 'change')} came back in three scheduled runs in a row though written; tried once a day from now on`;
  const remedy = 'find who or what changes it back, or let the policy agree with it';
  return tellLessons(told, told.contested, (extras) =>
    messageOf(event, now, 'changes.contested', 'warning', summary, { remedy, ...extras }),
  );
}

function tellDisproven(told: PolicyTold, event: RunEnded, now: Instant): Notified<PolicyTold> {
  const summary = `the first raise of ${counted(told.disproven.count, 'API token')} did not show, so an access may be somebody else's`;
  const remedy = 'correct the two ids of the token in `tokens`, and look at that access in Mailtrap';
  return tellLessons(told, told.disproven, (extras) =>
    messageOf(event, now, 'token.disproven', 'error', summary, { remedy, ...extras }),
  );
}

function tellLessons(
  told: PolicyTold,
  lessons: Lessons,
  toMessage: (extras: Lessons) => Message,
): Notified<PolicyTold> {
  return { told, messages: lessons.count === 0 ? [] : [toMessage(lessons)] };
}

/** Those of the first plan since the start are the ground that later ones are compared with. */
function tellUnlisted(told: PolicyTold, event: RunEnded, now: Instant): Notified<PolicyTold> {
  const plan = planLeft(event);
  if (plan === null) return { told, messages: [] };
  const known = told.unlisted;
  const considered = plan.unlisted.slice(0, UNLISTED_MOST);
  const fresh = known === null ? [] : considered.filter(({ access }) => !known.has(access));
  const after = { ...told, unlisted: new Set(considered.map(({ access }) => access)) };
  if (fresh.length === 0) return { told: after, messages: [] };
  const summary = `${counted(fresh.length, 'unlisted')} appeared: they hold access, and no grant names them`;
  const message = messageOf(event, now, 'unlisted.appeared', 'warning', summary, {
    remedy: 'name them in a grant, ignore them, or take their access away in Mailtrap',
    count: fresh.length,
    unlisted: fresh.slice(0, ITEMS_MOST).map(unlistedItem),
  });
  return { told: after, messages: [message] };
}

function tellAudit(told: PolicyTold, event: RunEnded, now: Instant): Notified<PolicyTold> {
  const isAudit = event.error?.code === 'audit-unwritable';
  return isAudit && event.error ? auditFailed(told, event, event.error, now) : { told, messages: [] };
}

function tellFailing(told: PolicyTold, event: RunEnded, now: Instant): Notified<PolicyTold> {
  if (event.end === 'stopped') return { told, messages: [] };
  const isFailing = event.end === 'failed' || event.end === 'partial';
  if (isFailing === told.isFailing) return { told, messages: [] };
  return { told: { ...told, isFailing }, messages: [isFailing ? failing(event, now) : recovered(event, now)] };
}

function recovered(event: RunEnded, now: Instant): Message {
  return messageOf(event, now, 'run.recovered', 'info', 'runs end well again');
}

function failing(event: RunEnded, now: Instant): Message {
  if (event.error !== null) {
    return messageOf(event, now, 'run.failing', 'error', 'a run failed, and is tried again', errorExtras(event.error));
  }
  const outcomes = outcomesOf(event);
  const missed = outcomes.filter(({ outcome }) => outcome !== 'applied');
  return messageOf(
    event,
    now,
    'run.failing',
    'error',
    `${missed.length} of ${counted(outcomes.length, 'change')} not written`,
    {
      remedy: 'look at `change.not-applied` in the log',
      count: missed.length,
      changes: missed.slice(0, ITEMS_MOST).map(({ change, auditHash }) => changeItem(change, { auditHash })),
    },
  );
}

function tellState(told: PolicyTold, event: RunEnded, now: Instant): Notified<PolicyTold> {
  return event.result === null ? { told, messages: [] } : stateWorks(told, event, now);
}

function outcomesOf({ result }: RunEnded): readonly ChangeOutcome[] {
  return result?.kind === 'written' ? result.outcomes : [];
}

/** The newest plan that a run made; null where it made none. */
function planLeft({ result }: RunEnded): Plan | null {
  if (result === null) return null;
  return result.kind === 'written' ? (result.after ?? result.plan) : result.plan;
}
