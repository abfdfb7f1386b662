import type { Place } from '../../core/domain/text/problem.ts';
import { visibleText } from '../../core/domain/text/text.ts';

/** How much of a line is shown before the caret and in all, so that the excerpt fits a terminal. */
const BEFORE_MOST = 60;
const SHOWN_MOST = 100;

/** A line of a text as it is shown, and the underline that belongs below it. */
export interface Excerpt {
  readonly line: string;
  readonly underline: string;
}

/** Cuts a line around its place and makes every character of it visible and safe. */
export function excerptOf(line: string, { column, length }: Place): Excerpt {
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

/** Never the second half of a character that takes two code units. */
function wholeFrom(line: string, index: number): number {
  return /[\udc00-\udfff]/.test(line.charAt(index)) ? index + 1 : index;
}

function shown(text: string): string {
  return visibleText(text.replaceAll('\t', '→   '));
}

/** Columns of a terminal: East Asian and emoji characters take two, marks that join the one before take none. */
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
