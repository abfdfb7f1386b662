import type { Plan } from '../../core/domain/plan/plan.ts';
import { counted } from '../../core/domain/text/text.ts';

/** The counts in words: who gains, loses, stays untouched, or is not in the policy. */
export function countsText({ gain, lose, untouched, notInPolicy }: Plan['counts']): string {
  return [
    `${gain} ${gain === 1 ? 'gains' : 'gain'}`,
    `${lose} ${lose === 1 ? 'loses' : 'lose'}`,
    `${untouched} ${untouched === 1 ? 'stays' : 'stay'} untouched`,
    `${notInPolicy} not in the policy`,
  ].join(', ');
}

/** The verdict as a sentence. */
export function verdictText(plan: Plan): string {
  const changes = counted(plan.changes.length, 'change');
  switch (plan.verdict) {
    case 'clean':
      return cleanText(plan);
    case 'allowed':
      return isSkewed(plan)
        ? `${changes} found, nothing is written: the clocks differ.`
        : `${changes} may be written.${heldText(plan)}`;
    case 'held':
      return `Held by ${rulesOf(plan)}: nothing is written.`;
    case 'paused':
      return `Paused: ${changes} ${plan.changes.length === 1 ? 'waits' : 'wait'}, nothing is written.`;
    case 'observe':
      return `Observed only: ${changes} found, nothing is written.`;
  }
}

/** How many changes the held parts of a plan have. */
export function countHeld(plan: Plan): number {
  return plan.held.reduce((sum, part) => sum + part.changes.length, 0);
}

function isSkewed({ notices }: Plan): boolean {
  return notices.some(({ code }) => code === 'clock-skew');
}

function cleanText({ mode, deferred, unmanageable, absent }: Plan): string {
  if (deferred.length > 0) return `Nothing to change now: ${counted(deferred.length, 'change')} deferred.`;
  if (unmanageable.length > 0) return `Nothing to change; ${counted(unmanageable.length, 'row')} cannot be managed.`;
  if (absent.length > 0) return `Nothing to change; ${counted(absent.length, 'name')} not in the account.`;
  return mode === 'additive'
    ? 'Nothing to add: every grant is in place.'
    : 'Nothing to change: the account is as the policy says.';
}

function heldText(plan: Plan): string {
  return plan.held.length === 0 ? '' : ` ${counted(countHeld(plan), 'change')} held by ${rulesOf(plan)}.`;
}

function rulesOf(plan: Plan): string {
  return plan.refusals.map((refusal) => refusal.rule).join(', ');
}
