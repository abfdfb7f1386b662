import { batchesOf, isGain } from '../../core/domain/plan/batch.ts';
import type { ApprovedPart, Change, Deferred, DeferredReason, HeldPart, Plan } from '../../core/domain/plan/plan.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { alignColumns, type Cell } from '../layout/columns.ts';
import type { Paint } from '../layout/paint.ts';
import { bounded, heading } from '../layout/section.ts';
import { approvalText } from '../words/approval-text.ts';
import { counted, levelsText, principalWords, SIGNS, whyLines } from '../words/phrase.ts';
import { DEFERRED_REASONS } from '../words/reason-words.ts';
import { countHeld } from './headline.ts';

/** What may be written, by principal, each change with its reasons. Never shortened. */
export function changesSection({ changes }: Plan, paint: Paint): readonly string[] {
  if (changes.length === 0) return [];
  return [paint.strong('Changes'), ...batchesOf(changes).flatMap((batch) => principalLines(batch.changes, paint))];
}

function principalLines(changes: readonly Change[], paint: Paint): readonly string[] {
  const names = changes.slice(0, 1).map(({ principal }) => `  ${paint.strong(principalWords(principal))}`);
  return [...names, ...changeLines(changes, '    ', paint)];
}

/** Sign, resource and levels of each change, aligned, with its reasons below it. */
function changeLines(changes: readonly Change[], indent: string, paint: Paint): readonly string[] {
  const rows = alignColumns(
    changes.map((change) => changeCells(change, paint)),
    indent,
  );
  return changes.flatMap((change, index) => [
    ...rows.slice(index, index + 1),
    ...whyLines(change.why, isGain(change) ? 'gain' : 'loss', change.resource.label).map(
      (line) => `${indent}    ${paint.faint(line)}`,
    ),
  ]);
}

/** A change as cells of one line. */
export function changeCells(change: Change, paint: Paint): readonly Cell[] {
  const colour = isGain(change) ? paint.gain : paint.loss;
  return [
    { text: `${SIGNS[change.kind]} ${visibleText(change.resource.label)}`, paint: colour },
    { text: levelsText(change), paint: colour },
  ];
}

/** What guards hold: each rule with its numbers and the way forward, then the rows of each part with its digest, whole. */
export function heldSection(plan: Plan, paint: Paint): readonly string[] {
  if (plan.refusals.length === 0) return [];
  return [
    paint.fail(`Held: ${counted(countHeld(plan), 'change')} of ${counted(plan.held.length, 'principal')} not written`),
    ...plan.refusals.flatMap(({ rule, message, remedy }) => [
      `  ${paint.strong(rule)}: ${visibleText(message)}`,
      `    to go on: ${visibleText(remedy)}`,
    ]),
    ...plan.held.flatMap((part) => partLines(part, paint)),
  ];
}

function partLines(part: HeldPart, paint: Paint): readonly string[] {
  const way =
    part.approve === null ? `cannot be approved (${part.digest})` : `to approve it: ${visibleText(part.approve)}`;
  return [
    ...principalLines(part.changes, paint),
    `    ${paint.faint(`held by ${part.rules.join(', ')}`)}`,
    `    ${paint.faint(way)}`,
  ];
}

/** Which of the changes run only because somebody approved them. */
export function approvedSection({ approved }: Plan, paint: Paint): readonly string[] {
  if (approved.length === 0) return [];
  return [paint.warn(heading('Approved', approved.length, 'part')), ...approved.flatMap(approvedLines)];
}

function approvedLines({ principal, changes, rules, digest, by, isBegun }: ApprovedPart): readonly string[] {
  const what = `${counted(changes.length, 'change')} that ${rules.join(', ')} would hold`;
  return [
    `  ${principalWords(principal)}: ${what}${isBegun ? ', the rest of a part that was begun' : ''}`,
    `    ${digest}, by ${approvalText(by)}`,
  ];
}

/** Changes that wait, under what they wait for. */
export function deferredSection({ deferred }: Plan, paint: Paint): readonly string[] {
  if (deferred.length === 0) return [];
  const lines = bounded(deferred, (shown) => [...groupByDoubt(shown)].flatMap(([, group]) => doubtLines(group, paint)));
  return [paint.warn(heading('Deferred: wanted, and waiting', deferred.length, 'change')), ...lines];
}

interface Doubted {
  readonly reason: DeferredReason;
  readonly waitsFor: string;
  readonly rows: Change[];
}

function groupByDoubt(deferred: readonly Deferred[]): ReadonlyMap<string, Doubted> {
  const groups = new Map<string, Doubted>();
  for (const { reason, waitsFor, change } of deferred) {
    const group = groups.get(`${reason} ${waitsFor}`);
    if (group) group.rows.push(change);
    else groups.set(`${reason} ${waitsFor}`, { reason, waitsFor, rows: [change] });
  }
  return groups;
}

function doubtLines({ reason, waitsFor, rows }: Doubted, paint: Paint): readonly string[] {
  const { cause, remedy } = DEFERRED_REASONS[reason];
  return [
    `  waits for ${visibleText(waitsFor)} ${paint.faint(`[${reason}]`)}`,
    `    ${cause}`,
    `    help: ${remedy}`,
    ...alignColumns(
      rows.map((change) => [{ text: principalWords(change.principal) }, ...changeCells(change, paint)]),
      '    ',
    ),
  ];
}
