import { oddVisible } from '../../core/domain/text/odd-characters.ts';

/** How many characters of one name or sentence a comment shows. */
const CODE_CHARACTERS_MOST = 300;

/**
 * Text of unknown origin as inline code for a Markdown comment or table cell: there it cannot mention anyone, link, open a
 * tag or end the cell. A `|` would end the cell even in a code span, so it becomes a character reference.
 */
export function inlineCode(text: string): string {
  const characters = [...oddVisible(text)];
  const isCut = characters.length > CODE_CHARACTERS_MOST;
  const shown = characters.slice(0, CODE_CHARACTERS_MOST).join('') + (isCut ? '…' : '');
  if (shown === '' || shown.includes('|'))
    return `<code>${shown.replace(SPECIAL, (character) => `&#${character.codePointAt(0)};`)}</code>`;
  if (!shown.includes('`')) return `\`${shown}\``;
  const longest = Math.max(...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence} ${shown} ${fence}`;
}

/** Every character that some Markdown renderer may not treat as plain text. */
const SPECIAL = /[^\p{L}\p{N} (),'/→-]/gu;

/** GitHub rejects comments of more than 65 536 characters. The rest is for what a bot writes around it. */
export const CHARACTERS_MOST = 64_500;

/** Rows of a comment between the lines that open and close them, e.g. a table within `<details>`. */
export interface MarkdownBlock {
  readonly open: readonly string[];
  readonly rows: Iterable<string>;
  readonly close: readonly string[];
}

/** The blocks that fit into `charactersMost` characters, each closed properly, and how many rows were left out. */
export function fitBlocks(
  blocks: readonly MarkdownBlock[],
  charactersMost: number,
): { readonly lines: readonly string[]; readonly leftOut: number } {
  const lines: string[] = [];
  let room = charactersMost;
  let leftOut = 0;
  for (const { open, rows, close } of blocks) {
    const frame = sizeOf(open) + sizeOf(close);
    const { shown, others } = rowsWithin(rows, room - frame);
    leftOut += others;
    if (shown.length === 0) continue;
    lines.push(...open, ...shown, ...close);
    room -= frame + sizeOf(shown);
  }
  return { lines, leftOut };
}

/** The first rows that fit, and how many others there are. */
function rowsWithin(
  rows: Iterable<string>,
  charactersMost: number,
): { readonly shown: readonly string[]; readonly others: number } {
  const shown: string[] = [];
  let size = 0;
  let others = 0;
  for (const row of rows) {
    size += sizeOf([row]);
    if (size <= charactersMost) shown.push(row);
    else others += 1;
  }
  return { shown, others };
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((size, line) => size + line.length + 1, 0);
}
