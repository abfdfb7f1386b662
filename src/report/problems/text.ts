import type { SourceText } from '../../core/document/source-text.ts';
import { type Place, type Problem, placeText } from '../../core/domain/text/problem.ts';
import { counted, visibleText } from '../../core/domain/text/text.ts';
import { type Paint, PLAIN } from '../layout/paint.ts';

/** A warning with its remedy, on two lines. It stops nothing. */
export function warningText(message: string, remedy: string, paint: Paint): string {
  return `${paint.warn('warning:')} ${visibleText(message)}\n  help: ${visibleText(remedy)}\n`;
}

/**
 * Problems for a terminal: each with its place, the line with a caret, and its remedy, then the counts. Text of the policy
 * is printed as visible characters only. Without problems, the result is empty.
 */
export function renderProblems(problems: readonly Problem[], source: SourceText, paint: Paint = PLAIN): string {
  if (problems.length === 0) return '';
  const lines = source.text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const gutter = String(Math.max(...problems.map(({ at }) => at.line))).length;
  const parts = problems.map((problem) => {
    const line = problem.at.file === source.file ? lines[problem.at.line - 1] : undefined;
    return renderProblem(problem, line, gutter, paint);
  });
  return `${parts.join('\n')}\n${paint.strong(summary(problems))}\n`;
}

function renderProblem(problem: Problem, line: string | undefined, gutter: number, paint: Paint): string {
  const { severity, code, message, remedy, at } = problem;
  const mark = severity === 'error' ? paint.fail : paint.warn;
  const head = `${paint.strong(visibleText(placeText(at)))}: ${mark(`${severity}[${code}]`)}: ${visibleText(message)}`;
  const help = `${' '.repeat(gutter)} ${paint.faint('=')} help: ${visibleText(remedy)}`;
  if (line === undefined) return [head, help, ''].join('\n');
  const excerpt = excerptOf(line, at);
  const bar = paint.faint('|');
  return [
    head,
    `${paint.faint(String(at.line).padStart(gutter))} ${bar} ${excerpt.line}`,
    `${' '.repeat(gutter)} ${bar} ${mark(excerpt.underline)}`,
    help,
    '',
  ].join('\n');
}

function summary(problems: readonly Problem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  return `${counted(errors, 'error')}, ${counted(problems.length - errors, 'warning')}`;
}

/** How many characters of a line are shown before the caret, and in all, so that the excerpt fits a terminal. */
const BEFORE_MOST = 60;
const SHOWN_MOST = 100;

/** A line of the policy as shown, and the underline below it. */
interface Excerpt {
  readonly line: string;
  readonly underline: string;
}

/** Cuts a line around its place and makes every character visible and safe to print. */
function excerptOf(line: string, { column, length }: Place): Excerpt {
  const caret = column - 1;
  const start = wholeFrom(line, Math.max(0, caret - BEFORE_MOST));
  const end = wholeFrom(line, Math.min(line.length, start + SHOWN_MOST));
  const before = shown(line.slice(start, caret));
  const marked = shown(line.slice(caret, Math.min(end, caret + length)));
  const after = shown(line.slice(Math.min(end, caret + length), end));
  const head = start > 0 ? '…' : '';
  return {
    line: `${head}${before}${marked}${after}${end < line.length ? '…' : ''}`,
    underline: ' '.repeat(widthOf(head + before)) + '^'.repeat(Math.max(1, widthOf(marked))),
  };
}

/** Moves an index past the second half of a surrogate pair. */
function wholeFrom(line: string, index: number): number {
  return /[\udc00-\udfff]/.test(line.charAt(index)) ? index + 1 : index;
}

function shown(text: string): string {
  return visibleText(text.replaceAll('\t', '→   '));
}

/** The width in terminal columns: East Asian and emoji characters take two, combining marks none. */
function widthOf(text: string): number {
  let width = 0;
  for (const character of text) {
    if (/[\p{M}\u200d]/u.test(character)) continue;
    width +=
      /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|[\u{20000}-\u{3fffd}]/u.test(
        character,
      )
        ? 2
        : 1;
  }
  return width;
}
