/**
 * A name for a remedy: every character that a reader cannot see, or takes for another one, appears as `\u{…}`. So a name that
 * only looks like the written one shows where it differs. A plain space counts where it begins, ends or repeats.
 */
export function oddVisible(text: string): string {
  return text.replace(ODD, (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`);
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

const ODD = /^ | $|(?<= ) |(?! )\p{Z}|[\p{C}\p{Default_Ignorable_Code_Point}\u2800]/gu;
