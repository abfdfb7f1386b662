/**
 * What stands in a comment of a policy: a text of one line that every reader sees as it is. Names come from the account,
 * and what cannot be seen, or is no text at all, would make the file invalid or hide what it says.
 */
export function commentText(text: string): string {
  const shown = text.replace(
    /[\p{C}\p{Zl}\p{Zp}\ufffd]/gu,
    (character) => `\\u{${(character.codePointAt(0) as number).toString(16)}}`,
  );
  return shown.length <= COMMENT_MAX ? shown : `${shown.slice(0, COMMENT_MAX).replace(/[\ud800-\udbff]$/, '')}…`;
}

/** A longer line would be read by nobody. */
const COMMENT_MAX = 400;

/** The sentences as lines of at most so many characters, so that a comment reads like the rest of the file. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
