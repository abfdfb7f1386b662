import { visibleText } from './text.ts';

/**
 * A name where it is shown by itself, or for a remedy: as `visibleText`, and a plain space appears as `\u{20}` where it begins,
 * ends or repeats. So a name that only looks like the written one shows where it differs.
 */
export function oddVisible(text: string): string {
  return visibleText(text.replace(ODD_SPACES, '\\u{20}'));
}

/** The same for all names that a reader may take for each other: without invisible characters, and with plain single spaces. */
export function lookAlikeForm(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/[\p{Zs}\p{Zl}\p{Zp}\t\n\r]+/gu, ' ')
    .replace(/[\p{C}\p{Default_Ignorable_Code_Point}]/gu, '')
    .trim()
    .toLowerCase();
}

const ODD_SPACES = /^ | $|(?<= ) /gu;
