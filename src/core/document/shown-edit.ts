import { type Splice, spliced } from './editable.ts';

/** Lines that an edit replaces, and what replaces them. */
export interface EditedLines {
  /** The number of the first line, from 1. */
  readonly line: number;
  readonly old: readonly string[];
  readonly next: readonly string[];
}

/** The lines of a text that an edit changes, in their order. */
export function shownEdit(text: string, splices: readonly Splice[]): readonly EditedLines[] {
  const groups: { from: number; to: number; splices: Splice[] }[] = [];
  for (const splice of [...splices].sort((a, b) => a.from - b.from)) {
    const from = text.lastIndexOf('\n', splice.from - 1) + 1;
    const to = endOfLine(text, splice);
    const last = groups.at(-1);
    if (last && from < last.to) {
      last.to = Math.max(last.to, to);
      last.splices.push(splice);
    } else groups.push({ from, to, splices: [splice] });
  }
  return groups.map(({ from, to, splices: own }) => {
    const old = text.slice(from, to);
    const moved = own.map((one) => ({ ...one, from: one.from - from, to: one.to - from }));
    return { line: text.slice(0, from).split('\n').length, old: linesOf(old), next: linesOf(spliced(old, moved)) };
  });
}

/** Up to the end of the line on which a splice ends, with the line break. */
function endOfLine(text: string, { from, to }: Splice): number {
  if (to > from && text[to - 1] === '\n') return to;
  const next = text.indexOf('\n', to);
  return next < 0 ? text.length : next + 1;
}

function linesOf(text: string): readonly string[] {
  const lines = text.split(/\r?\n/);
  return lines.at(-1) === '' ? lines.slice(0, -1) : lines;
}
