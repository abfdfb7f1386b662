import type { ProblemCode } from './problem-code.ts';
import { compareText } from './text.ts';

/** A place in a text file. Line and column count from 1. `length` is the number of underlined characters. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** A problem in input that a person wrote: what, where, and what to do. An error makes the input invalid. */
export interface Problem {
  readonly code: ProblemCode;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly remedy: string;
  readonly at: Place;
}

/** A problem that makes the input invalid. */
export function errorAt(at: Place, code: ProblemCode, message: string, remedy: string): Problem {
  return { code, severity: 'error', message, remedy, at };
}

/** A problem that leaves the input valid. */
export function warningAt(at: Place, code: ProblemCode, message: string, remedy: string): Problem {
  return { code, severity: 'warning', message, remedy, at };
}

/** The result of checking input. A valid value may come with warnings. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T; readonly problems: readonly Problem[] }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** The longest message. A longer one only repeats text that the excerpt shows anyway. */
const MESSAGE_CHARACTERS_MOST = 300;

/** The problem with its message and remedy cut to a fixed length. */
export function clippedProblem(problem: Problem): Problem {
  return { ...problem, message: clip(problem.message), remedy: clip(problem.remedy) };
}

/** The cut text is a copy. A slice would keep the whole text in memory, which may be a megabyte for each problem. */
function clip(text: string): string {
  if (text.length <= MESSAGE_CHARACTERS_MOST) return text;
  return `${[...text.slice(0, MESSAGE_CHARACTERS_MOST)].join('')}…`;
}

/** `file:line:column`, which editors and terminals make clickable. */
export function placeText(place: Place): string {
  return `${place.file}:${place.line}:${place.column}`;
}

/** Where another place is, for a message about a place: its line, with the file if that is another one. */
export function lineFrom(at: Place, { file, line }: Place): string {
  return at.file === file ? `line ${line}` : `${file}:${line}`;
}

/** By file, line and column. */
export function comparePlaces(a: Place, b: Place): number {
  return compareText(a.file, b.file) || a.line - b.line || a.column - b.column;
}

/** Sorts problems by place, code, then message. */
export function sortProblems(problems: readonly Problem[]): readonly Problem[] {
  return [...problems].sort(
    (a, b) => comparePlaces(a.at, b.at) || compareText(a.code, b.code) || compareText(a.message, b.message),
  );
}
