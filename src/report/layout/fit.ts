import type { Paint } from './paint.ts';
import { coloursAfter, widthOf } from './width.ts';

/** How far a line that continues another one stands to the right of it. */
const HANG = 4;

/**
 * Wraps every line of a text that is wider than the output, at spaces only. A word that is wider stands alone on its line,
 * whole. Without `columns` the text stays as it is. `outermost`: how far the lines hang that have no indent.
 */
export function fitText(text: string, { columns }: Pick<Paint, 'columns'>, outermost = HANG): string {
  if (columns === undefined) return text;
  return text
    .split('\n')
    .flatMap((line) => fitLine(line, columns, line.startsWith(' ') ? HANG : outermost))
    .join('\n');
}

/** The lines of `head` and a text, where the text continues below its own beginning if there is room for that. */
export function hangBelow(head: string, text: string, { columns }: Pick<Paint, 'columns'>): readonly string[] {
  const line = `${head}${text}`;
  if (columns === undefined) return [line];
  const below = widthOf(head);
  return fitLine(line, columns, hasRoomBehind(below, columns) ? below - spacesBefore(head) : HANG);
}

/** Whether there is room for words behind an indent. */
export function hasRoomBehind(indent: number, columns: number | undefined): boolean {
  return columns === undefined || indent <= columns / 3;
}

/** A command to copy. Where it must continue, the line ends in a backslash, so that a shell reads it as one line. */
export function commandLines(head: string, command: string, { columns }: Pick<Paint, 'columns'>): readonly string[] {
  const line = `${head}${command}`;
  if (columns === undefined || widthOf(line) <= columns) return [line];
  const before = head.trimEnd();
  const indent = ' '.repeat(spacesBefore(head) + (before === '' ? 0 : HANG));
  const lines: string[] = [];
  for (const [word] of command.matchAll(SHELL_WORDS)) {
    const last = lines.at(-1);
    const longer = `${last} ${word}`;
    if (last === undefined || widthOf(longer) + 2 > columns) lines.push(`${indent}${word}`);
    else lines[lines.length - 1] = longer;
  }
  const broken = lines.map((part, index) => (index === lines.length - 1 ? part : `${part} \\`));
  return before === '' ? broken : [...fitLine(before, columns, HANG), ...broken];
}

/** Words of a shell line: what is in single quotes is one. */
const SHELL_WORDS = /(?:'[^']*'|\\.|[^\s'\\])+/g;

/** An item of a list that is one word. Its dash and the word belong together: in YAML they would mean something else apart. */
const LONE_ITEM = /^ *- \S+$/;

/** A space that a mark combines with is part of a character, and no place to break at. */
const GAPS = /( +)(?! |\p{M}|\u200d)/u;

function fitLine(line: string, columns: number, hang: number): readonly string[] {
  if (widthOf(line) <= columns || LONE_ITEM.test(line)) return [line];
  const spaces = spacesBefore(line);
  const roomFrom = Math.floor(columns / 3);
  const first = ' '.repeat(Math.min(spaces, roomFrom));
  const next = ' '.repeat(Math.min(spaces + hang, Math.max(roomFrom, first.length + 1)));
  const lines: string[] = [];
  let current = '';
  const room = () => columns - (lines.length === 0 ? first.length : next.length);
  for (const { cell, words } of cellsOf(line.slice(spaces))) {
    const isSplit = current !== '' && widthOf(`${current}  ${cell}`) > room() && widthOf(cell) <= columns - next.length;
    let gap = '  ';
    for (const [index, word] of words.entries()) {
      const longer = current === '' ? word : `${current}${gap}${word}`;
      if (current !== '' && ((index === 0 && isSplit) || widthOf(longer) > room())) {
        lines.push(current);
        current = word;
      } else current = longer;
      gap = ' ';
    }
  }
  const parts = [...lines, current].map((part, index) => ({ part, indent: index === 0 ? first : next }));
  return closedPerLine(parts.map(({ part, indent }) => `${' '.repeat(indentOf(part, indent, columns))}${part}`));
}

/** A word that would not fit behind the indent stands further to the left. */
function indentOf(part: string, { length }: string, columns: number): number {
  return Math.max(0, Math.min(length, columns - widthOf(part)));
}

/** Columns of aligned text are two spaces apart or more. A column that fits on a line of its own is not torn apart. */
function cellsOf(text: string): readonly { readonly cell: string; readonly words: readonly string[] }[] {
  const cells: string[][] = [[]];
  for (const [index, part] of text.split(GAPS).entries()) {
    if (index % 2 === 0) cells.at(-1)?.push(part);
    else if (part.length > 1) cells.push([]);
  }
  return cells.map((words) => ({ cell: words.join(' '), words }));
}

function spacesBefore(line: string): number {
  return line.length - line.trimStart().length;
}

/** Colours end with each line and begin again on the next, since a pager shows lines one by one. */
function closedPerLine(lines: readonly string[]): readonly string[] {
  let open = '';
  return lines.map((line) => {
    const whole = line.replace(/^ */, (indent) => `${indent}${open}`);
    open = coloursAfter(whole);
    return open === '' ? whole : `${whole}\u001b[0m`;
  });
}
