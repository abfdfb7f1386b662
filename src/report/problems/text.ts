import type { PolicyTexts } from '../../core/document/source-text.ts';
import { type Place, type Problem, placeText } from '../../core/domain/text/problem.ts';
import { counted, visibleText } from '../../core/domain/text/text.ts';
import { fitText } from '../layout/fit.ts';
import { type Paint, PLAIN } from '../layout/paint.ts';
import { widthOf } from '../layout/width.ts';

/** A warning with its remedy, on two lines. It stops nothing. */
export function warningText(message: string, remedy: string, paint: Paint): string {
  return fitText(`${paint.warn('warning:')} ${visibleText(message)}\n  help: ${visibleText(remedy)}\n`, paint);
}

/**
 * Problems for a terminal: each with its place, the line with a caret, and its remedy, then the counts. Text of the policy
 * is printed as visible characters only. Without problems, the result is empty.
 */
export function renderProblems(problems: readonly Problem[], source: PolicyTexts, paint: Paint = PLAIN): string {
  if (problems.length === 0) return '';
  const linesOf = linesByFile(source);
  const gutter = String(Math.max(...problems.map(({ at }) => at.line))).length;
  const parts = problems.map((problem) => {
    const line = linesOf(problem.at.file)?.[problem.at.line - 1];
    return renderProblem(problem, line, gutter, paint);
  });
  return fitText(`${parts.join('\n')}\n${paint.strong(summary(problems))}\n`, paint);
}

/** The lines of a file of the policy. Undefined for another file. */
function linesByFile(source: PolicyTexts): (file: string) => readonly string[] | undefined {
  const texts = [source, ...(source.included ?? []).flatMap((one) => ('source' in one ? [one.source] : []))];
  const known = new Map<string, readonly string[]>();
  return (file) => {
    const text = texts.find((one) => one.file === file)?.text;
    const lines = known.get(file) ?? text?.replace(/^\uFEFF/, '').split(/\r?\n/);
    if (lines) known.set(file, lines);
    return lines;
  };
}

function renderProblem(problem: Problem, line: string | undefined, gutter: number, paint: Paint): string {
  const { severity, code, message, remedy, at } = problem;
  const mark = severity === 'error' ? paint.fail : paint.warn;
  const head = `${paint.strong(visibleText(placeText(at)))}: ${mark(`${severity}[${code}]`)}: ${visibleText(message)}`;
  const help = `${' '.repeat(gutter)} ${paint.faint('=')} help: ${visibleText(remedy)}`;
  if (line === undefined) return [head, help, ''].join('\n');
  const excerpt = excerptOf(line, at, (paint.columns ?? SHOWN_MOST + gutter + 5) - gutter - 3);
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

/** How much of a line is shown before its place, and in all, in columns of a terminal that is wide enough. */
const BEFORE_MOST = 60;
const SHOWN_MOST = 100;

/** A line of the policy as shown, and the underline below it. */
interface Excerpt {
  readonly line: string;
  readonly underline: string;
}

/** Cuts a line around its place and makes every character visible and safe to print. `columns`: how wide it may be. */
function excerptOf(line: string, { column, length }: Place, columns: number): Excerpt {
  const caret = column - 1;
  // Two columns are for the ellipses.
  const most = Math.min(SHOWN_MOST, columns - 2);
  const from = Math.max(0, caret - BEFORE_MOST);
  const left = charactersOf(line.slice(wholeFrom(line, from), caret)).reverse();
  const before = firstOf(left, (most * BEFORE_MOST) / SHOWN_MOST).reverse();
  const right = charactersOf(line.slice(caret, wholeFrom(line, caret + SHOWN_MOST)));
  const after = firstOf(right, most - widthOf(before.map(shown).join('')));
  const head = `${before.join('').length < caret ? '…' : ''}${shown(before.join(''))}`;
  const tail = after.join('').length < line.length - caret ? '…' : '';
  const marked = shown(after.join('').slice(0, length));
  return {
    line: `${head}${shown(after.join(''))}${tail}`,
    underline: ' '.repeat(widthOf(head)) + '^'.repeat(Math.max(1, widthOf(marked))),
  };
}

/** Characters as people count them: a letter with its marks is one. */
function charactersOf(text: string): string[] {
  return [...new Intl.Segmenter().segment(text)].map(({ segment }) => segment);
}

/** As many of the first characters as fit, shown, into this many columns. */
function firstOf(characters: readonly string[], columns: number): string[] {
  let left = columns;
  const end = characters.findIndex((character) => {
    left -= widthOf(shown(character));
    return left < 0;
  });
  return characters.slice(0, end < 0 ? characters.length : end);
}

/** Moves an index past the second half of a surrogate pair. */
function wholeFrom(line: string, index: number): number {
  return /[\udc00-\udfff]/.test(line.charAt(index)) ? index + 1 : index;
}

function shown(text: string): string {
  return visibleText(text.replaceAll('\t', '→   '));
}
