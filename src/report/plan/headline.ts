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

/** The verdict in sentences, with what is held and what is deferred. */
export function verdictText(plan: Plan): string {
  const { verdict, mode, changes, deferred } = plan;
  const found = counted(changes.length, 'change');
  const waiting = sentences(waitingParts(plan));
  if (verdict === 'complete') return completeText(plan);
  if (verdict === 'paused') return `Paused: ${waitText(changes)}nothing is written.${waiting}`;
  if (mode === 'observe' && verdict !== 'allowed')
    return `Observed only: ${found} found, nothing is written.${waiting}`;
  switch (verdict) {
    case 'held':
      return `Held by ${rulesOf(plan)}: nothing is written.${sentences(deferredPart(plan))}`;
    case 'deferred':
      return `Deferred: ${waitText(deferred)}nothing is written.`;
    default:
      return isSkewed(plan)
        ? `${found} found, nothing is written: the clocks differ.${waiting}`
        : `${found} may be written.${waiting}`;
  }
}

function waitText({ length }: readonly unknown[]): string {
  return length === 0 ? '' : `${counted(length, 'change')} ${length === 1 ? 'waits' : 'wait'}, `;
}

/** How many changes guards hold, and how many are deferred, each in a few words. */
export function waitingParts(plan: Plan): readonly string[] {
  const held = countHeld(plan);
  return [...(held === 0 ? [] : [`${counted(held, 'change')} held by ${rulesOf(plan)}`]), ...deferredPart(plan)];
}

function deferredPart({ deferred }: Plan): readonly string[] {
  return deferred.length === 0 ? [] : [`${counted(deferred.length, 'change')} deferred`];
}

function sentences(parts: readonly string[]): string {
  return parts.map((part) => ` ${part}.`).join('');
}

/** How many changes the held parts of a plan have. */
export function countHeld(plan: Plan): number {
  return plan.held.reduce((sum, part) => sum + part.changes.length, 0);
}

function isSkewed({ notices }: Plan): boolean {
  return notices.some(({ code }) => code === 'clock-skew');
}

function completeText({ mode, unmanageable, absent }: Plan): string {
  if (unmanageable.length > 0) return `Nothing to change; ${counted(unmanageable.length, 'row')} cannot be managed.`;
  if (absent.length > 0) return `Nothing to change; ${counted(absent.length, 'name')} not in the account.`;
  return mode === 'additive'
    ? 'Nothing to add: every grant is in place.'
    : 'Nothing to change: the account is as the policy says.';
}

function rulesOf(plan: Plan): string {
  return plan.refusals.map((refusal) => refusal.rule).join(', ');
}
