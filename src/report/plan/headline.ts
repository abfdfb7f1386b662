import { requestedChanges } from '../../core/domain/plan/change-key.ts';
import type { Plan } from '../../core/domain/plan/plan.ts';
import type { LeftBehind } from '../../core/domain/plan/plan-counts.ts';
import { counted } from '../../core/domain/text/text.ts';
import { SHIELDED_WORDS } from '../words/reason-words.ts';

/** The counts in words: who gains, loses, waits, stays untouched, or is not in the policy. */
export function countsText({ counts, deferred }: Pick<Plan, 'counts' | 'deferred'>): string {
  const { gain, lose, untouched, notInPolicy } = counts;
  const waiting = new Set(deferred.map(({ change }) => change.access)).size;
  return [
    `${gain} ${gain === 1 ? 'gains' : 'gain'}`,
    `${lose} ${lose === 1 ? 'loses' : 'lose'}`,
    ...(waiting === 0 ? [] : [`${waiting} ${waiting === 1 ? 'waits' : 'wait'}`]),
    `${untouched} ${untouched === 1 ? 'stays' : 'stay'} untouched`,
    `${notInPolicy} not in the policy`,
  ].join(', ');
}

/** The verdict in sentences, with what is held, what is deferred and what is only observed. */
export function verdictText(plan: Plan): string {
  return [verdictSentences(plan), ...observedSentence(plan)].join(' ');
}

function verdictSentences(plan: Plan): string {
  const { verdict, mode, changes, deferred } = plan;
  const found = counted(changes.length, 'change');
  const waiting = sentences(waitingParts(plan));
  if (verdict === 'complete') return completeText(plan);
  if (verdict === 'paused') return `Paused: ${waitText(changes)}nothing is written.${waiting}`;
  if (mode === 'observe' && verdict !== 'allowed') return observedOnlyText(plan);
  switch (verdict) {
    case 'held':
      return `Held by ${rulesOf(plan)}: nothing is written.${sentences([...deferredPart(plan), ...unresolvedPart(plan)])}`;
    case 'deferred':
      return `Deferred: ${waitText(deferred)}nothing is written.${sentences(unresolvedPart(plan))}`;
    default:
      return isSkewed(plan)
        ? `${found} found, nothing is written: the clocks differ.${waiting}`
        : `${found} may be written.${waiting}`;
  }
}

/** In mode observe nothing is written, whatever a guard or a doubt would say of it in another mode. */
function observedOnlyText(plan: Plan): string {
  const parts = waitingParts(plan);
  const all = counted(requestedChanges(plan).length, 'change');
  const otherwise = parts.length === 0 ? '' : ` In a mode that writes: ${parts.join(', ')}.`;
  return `Observed only: ${all} found, nothing is written.${otherwise}`;
}

function waitText({ length }: readonly unknown[]): string {
  return length === 0 ? '' : `${counted(length, 'change')} ${length === 1 ? 'waits' : 'wait'}, `;
}

/** How many changes guards hold, how many are deferred, and how many names are unresolved, each in a few words. */
export function waitingParts(plan: Plan): readonly string[] {
  const held = countHeld(plan);
  return [
    ...(held === 0 ? [] : [`${counted(held, 'change')} held by ${rulesOf(plan)}`]),
    ...deferredPart(plan),
    ...unresolvedPart(plan),
  ];
}

/** The notices have the names. */
function unresolvedPart({ unresolved: { length } }: Plan): readonly string[] {
  return length === 0
    ? []
    : [`${counted(length, 'name')} ${length === 1 ? 'matches' : 'match'} no resource, or several`];
}

function deferredPart({ deferred }: Plan): readonly string[] {
  return deferred.length === 0 ? [] : [`${counted(deferred.length, 'change')} deferred`];
}

/** How much is observed, as a sentence of its own, for a report whose verdict does not say it. */
export function observedSentence(plan: Plan): readonly string[] {
  return plan.observed.length === 0 || plan.verdict === 'complete' ? [] : [`${observedText(plan)}.`];
}

function observedText({ observed }: Plan): string {
  const { length } = observed;
  return `${counted(length, 'change')} of what \`observe\` lists ${length === 1 ? 'is' : 'are'} never written`;
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

/** Who is left behind by a policy of this mode. */
interface LeavingBehind {
  readonly mode: Plan['mode'];
  readonly leftBehind: LeftBehind;
}

/**
 * Who keeps access although no grant names them: `4 people whom no grant names keep 9 rows (unlisted: keep)`. Null if no one
 * does, and in mode additive, which takes nothing from anyone.
 */
export function leftBehindText({ mode, leftBehind }: LeavingBehind): string | null {
  const { principals } = leftBehind;
  if (mode === 'additive' || principals === 0) return null;
  return keptText(leftBehind, `${principals} ${principals === 1 ? 'person' : 'people'} whom no grant names`);
}

/** As a sentence of its own, for a report whose verdict does not say it. */
export function leftBehindSentence(plan: Plan): readonly string[] {
  const text = plan.verdict === 'complete' ? null : leftBehindText({ ...plan, ...plan.counts });
  return text === null ? [] : [`${text}.`];
}

function keptText(left: LeftBehind, who: string): string {
  const { principals, rows } = left;
  const why = whyKept(left);
  return `${who} ${principals === 1 ? 'keeps' : 'keep'} ${counted(rows, 'row')} (${why})`;
}

function whyKept({ principals, by, shielded }: LeftBehind): string {
  if (shielded === principals) return SHIELDED_WORDS;
  const why = by === 'keep' ? 'unlisted: keep' : 'no pattern of `unlisted` fits them';
  return shielded === 0 ? why : `${why}; for ${shielded} of them, ${SHIELDED_WORDS}`;
}

function completeText(plan: Plan): string {
  const { mode, counts, observed, unmanageable, absent, organization } = plan;
  const left = leftBehindText({ ...plan, ...plan.counts });
  const also = left === null ? '.' : `; ${left}.`;
  if (observed.length > 0) return `Nothing to write; ${observedText(plan)}${also}`;
  if (unmanageable.length > 0)
    return `Nothing to change; ${counted(unmanageable.length, 'row')} cannot be managed${also}`;
  if (absent.length > 0) return `Nothing to change; ${counted(absent.length, 'name')} not in the account${also}`;
  if (mode === 'additive' && counts.untouched === 0)
    return 'Nothing to add: no grant that has begun reaches anyone in the account.';
  if (mode === 'additive') return 'Nothing to add: every grant is in place.';
  const butFor =
    organization.length === 0 ? '' : `, but for ${counted(organization.length, 'role')} in the organization`;
  if (left === null) return `Nothing to change: the account is as the policy says${butFor}.`;
  const { untouched, leftBehind } = counts;
  if (untouched === 0) return `Nothing to change: the policy lists no one in the account${also}`;
  const others = keptText(leftBehind, counted(leftBehind.principals, 'other'));
  return `Nothing to change: the account is as the policy says for the ${counted(untouched, 'principal')} that it lists${butFor}; ${others}.`;
}

function rulesOf(plan: Plan): string {
  return plan.refusals.map((refusal) => refusal.rule).join(', ');
}
