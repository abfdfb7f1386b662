import { approvalText } from '../../core/domain/plan/approval-text.ts';
import { batchesOf, isGain } from '../../core/domain/plan/batch.ts';
import { DEFERRED_WORDS } from '../../core/domain/plan/deferred-words.ts';
import type { NoticeCode } from '../../core/domain/plan/notice.ts';
import type { ApprovedPart, Change, Deferred, DeferredReason, HeldPart, Plan } from '../../core/domain/plan/plan.ts';
import { oddVisible } from '../../core/domain/text/odd-characters.ts';
import { counted, visibleText } from '../../core/domain/text/text.ts';
import { commandLines, fitText } from '../layout/fit.ts';
import type { Paint } from '../layout/paint.ts';
import { alignColumns, bounded, type Cell, heading, SHOWN_MOST } from '../layout/text.ts';
import { changeCauseLines, goodOnceText, levelsText, principalWords, SIGNS, whyLines } from '../words/phrase.ts';
import { aheadSection } from './ahead.ts';
import { countHeld } from './headline.ts';
import { summarySection } from './summary.ts';
import { noticesSection, STANDING_NOTICES, standingSections } from './text-lists.ts';

/** Notices that stop every write. They come first. */
const STOPPING: ReadonlySet<NoticeCode> = new Set(['paused', 'clock-skew']);

/** What `--verbose` adds to a plan. */
export interface Detail {
  /** True: the standing findings and every list whole. Otherwise one line for each kind, and the first of a long list. */
  readonly isWhole: boolean;
}

/**
 * A plan for a terminal: what needs somebody, what is standing, what grantd writes and why, what it does not write and why not.
 * The summary comes last, where a person reads it before answering. Empty sections are omitted.
 */
export function renderPlanText(plan: Plan, paint: Paint, { isWhole }: Detail = { isWhole: false }): string {
  const most = isWhole ? Number.POSITIVE_INFINITY : SHOWN_MOST;
  const stopping = plan.notices.filter(({ code }) => STOPPING.has(code));
  const others = plan.notices.filter(({ code }) => !STOPPING.has(code) && !STANDING_NOTICES.has(code));
  const sections = [
    noticesSection('grantd writes nothing until this is settled', stopping, paint, most),
    noticesSection('Notices', others, paint, most),
    ...findings(plan, paint, isWhole),
    aheadSection(plan, paint, isWhole),
    changesSection(plan, paint),
    approvedSection(plan, paint),
    heldSection(plan, paint),
    deferredSection(plan, paint, most),
    observedSection(plan, paint, most),
    summarySection(plan, paint),
  ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${fitText(shown.join('\n\n'), paint)}\n`;
}

/** What the account shows run after run. Folded, each kind is its heading with the count. */
function findings(plan: Plan, paint: Paint, isWhole: boolean): readonly (readonly string[])[] {
  const sections = standingSections(plan, paint);
  if (isWhole || sections.length === 0) return sections;
  return [[...sections.flatMap((lines) => lines.slice(0, 1)), paint.faint('  --verbose lists them')]];
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
    ...[
      ...changeCauseLines(change),
      ...whyLines(change.why, isGain(change) ? 'gain' : 'loss', change.resource.label),
    ].map((line) => `${indent}    ${paint.faint(line)}`),
  ]);
}

/** A change as cells of one line. */
export function changeCells(change: Change, paint: Paint): readonly Cell[] {
  const colour = isGain(change) ? paint.gain : paint.loss;
  return [
    { text: `${SIGNS[change.kind]} ${oddVisible(change.resource.label)}`, paint: colour },
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
  return [
    ...principalLines(part.changes, paint),
    `    ${paint.faint(`held by ${part.rules.join(', ')}`)}`,
    ...approvalLines(part, paint).map((line) => faintBehindIndent(line, paint)),
  ];
}

/** How to approve a part: in the policy, where the approval is reviewed; else by hand. */
function approvalLines(part: HeldPart, paint: Paint): readonly string[] {
  const { digest, approve, approvalUntil } = part;
  if (approvalUntil === null) return [`    cannot be approved (${digest})`];
  return [
    '    to approve it, add these lines under `approvals:` of the policy:',
    `  - until: ${approvalUntil}`,
    '    digests:',
    `      - ${digest}`,
    ...(approve === null ? [] : commandLines('    or approve it for one run: ', visibleText(approve), paint)),
  ];
}

function faintBehindIndent(line: string, paint: Paint): string {
  return line.replace(/\S.*/, (words) => paint.faint(words));
}

/** Which of the changes run only because someone approved them. */
export function approvedSection({ approved }: Plan, paint: Paint): readonly string[] {
  if (approved.length === 0) return [];
  return [
    paint.warn(heading('Approved', approved.length, 'part')),
    ...approved.flatMap(approvedLines),
    ...goodOnceText(approved).map((line) => `  ${paint.faint(line)}`),
  ];
}

function approvedLines({ principal, changes, rules, digest, by, isBegun }: ApprovedPart): readonly string[] {
  const what = `${counted(changes.length, 'change')} that ${rules.join(', ')} would hold`;
  return [
    `  ${principalWords(principal)}: ${what}${isBegun ? ', the rest of a part that was begun' : ''}`,
    `    ${digest}, by ${visibleText(approvalText(by))}`,
  ];
}

/** Changes that wait, under what they wait for. */
export function deferredSection({ deferred }: Plan, paint: Paint, most = SHOWN_MOST): readonly string[] {
  if (deferred.length === 0) return [];
  const toLines = (shown: readonly Deferred[]) =>
    [...groupByDoubt(shown)].flatMap(([, group]) => doubtLines(group, paint));
  const lines = bounded(deferred, toLines, most);
  return [
    paint.warn(heading('Deferred: not written until what it waits for is settled', deferred.length, 'change')),
    ...lines,
  ];
}

/** Changes of what `observe` lists, by principal, each with its reasons. */
function observedSection({ observed }: Plan, paint: Paint, most: number): readonly string[] {
  if (observed.length === 0) return [];
  const lines = bounded(
    observed,
    (shown) => batchesOf(shown).flatMap((batch) => principalLines(batch.changes, paint)),
    most,
  );
  return [paint.strong(heading('Observed: planned, never written', observed.length, 'change')), ...lines];
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
