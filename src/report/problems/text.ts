import type { SourceText } from '../../core/document/source-text.ts';
import { type Problem, placeText } from '../../core/domain/text/problem.ts';
import { visibleText } from '../../core/domain/text/text.ts';
import { type Paint, PLAIN } from '../layout/paint.ts';
import { counted } from '../words/phrase.ts';
import { excerptOf } from './excerpt.ts';

/**
 * Problems for a person: each with its place, the line with a caret, and what to do, then how many there are. Nothing of
 * the text reaches a terminal as anything but visible characters. No problems give an empty text.
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
