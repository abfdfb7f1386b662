import { batchesOf, isGain } from '../../core/domain/plan/batch.ts';
import type { NoticeCode } from '../../core/domain/plan/notice.ts';
import type { ApprovedPart, Change, Deferred, DeferredReason, HeldPart, Plan } from '../../core/domain/plan/plan.ts';
import { counted, visibleText } from '../../core/domain/text/text.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns, bounded, type Cell, heading } from '../layout/text.ts';
import { approvalText, levelsText, principalWords, SIGNS, whyLines } from '../words/phrase.ts';
import { DEFERRED_WORDS } from '../words/reason-words.ts';
import { countHeld, countsText, leftBehindSentence, verdictText } from './headline.ts';
import {
  absentSection,
  endedSection,
  idleSection,
  noticesSection,
  redundantSection,
  unlistedSection,
  unmanageableSection,
  upcomingSection,
} from './text-lists.ts';

/** Notices that stop every write. They come right below the first line. */
const STOPPING: ReadonlySet<NoticeCode> = new Set(['paused', 'clock-skew']);

/**
 * A plan for a terminal: the counts and the verdict, then what grantd writes and why, what it does not write and why not,
 * and what else is worth knowing. Empty sections are omitted.
 */
export function renderPlanText(plan: Plan, paint: Paint): string {
  const stopping = plan.notices.filter(({ code }) => STOPPING.has(code));
  const others = plan.notices.filter(({ code }) => !STOPPING.has(code));
  const sections = [
    headline(plan, paint),
    noticesSection('grantd writes nothing until this is settled', stopping, paint),
    changesSection(plan, paint),
    approvedSection(plan, paint),
    heldSection(plan, paint),
    deferredSection(plan, paint),
    unmanageableSection(plan, paint),
    absentSection(plan, paint),
    upcomingSection(plan, paint),
    endedSection(plan, paint),
    unlistedSection(plan, paint),
    redundantSection(plan, paint),
    idleSection(plan, paint),
    noticesSection('Notices', others, paint),
    leftBehindSection(plan, paint),
  ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function headline(plan: Plan, paint: Paint): readonly string[] {
  const text = verdictText(plan);
  const verdict = plan.verdict === 'held' ? paint.fail(text) : paint.strong(text);
  return [`Account ${plan.account}, ${plan.mode}: ${countsText(plan.counts)}. ${verdict}`];
}

/** The last line: who keeps access without being listed. The verdict of a plan without changes says it already. */
function leftBehindSection(plan: Plan, paint: Paint): readonly string[] {
  return leftBehindSentence(plan).map(paint.warn);
}

/** What grantd may write, by principal, each change with its reasons. Always complete. */
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

/** Which of the changes run only because someone approved them. */
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
  return [paint.warn(heading('Deferred: the policy asks for it, and it waits', deferred.length, 'change')), ...lines];
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
  const { cause, remedy } = DEFERRED_WORDS[reason];
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
