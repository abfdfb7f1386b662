/** GitHub refuses a comment of more than 65 536 characters; some room is left for what a bot writes around it. */
export const CHARACTERS_MOST = 64_500;

/** Rows of a comment between the lines that open and close them, e.g. a table within `<details>`. */
export interface MarkdownBlock {
  readonly open: readonly string[];
  readonly rows: readonly string[];
  readonly close: readonly string[];
}

/** The blocks as far as they fit into so many characters, each closed properly, and how many rows were left out. */
export function fitBlocks(
  blocks: readonly MarkdownBlock[],
  charactersMost: number,
): { readonly lines: readonly string[]; readonly leftOut: number } {
  const lines: string[] = [];
  let room = charactersMost;
  let leftOut = 0;
  for (const { open, rows, close } of blocks) {
    const frame = sizeOf(open) + sizeOf(close);
    const shown = frame <= room ? rowsWithin(rows, room - frame) : [];
    leftOut += rows.length - shown.length;
    if (shown.length === 0) continue;
    lines.push(...open, ...shown, ...close);
    room -= frame + sizeOf(shown);
  }
  return { lines, leftOut };
}

function rowsWithin(rows: readonly string[], charactersMost: number): readonly string[] {
  let size = 0;
  const end = rows.findIndex((row) => {
    size += sizeOf([row]);
    return size > charactersMost;
  });
  return end < 0 ? rows : rows.slice(0, end);
}

function sizeOf(lines: readonly string[]): number {
  return lines.reduce((size, line) => size + line.length + 1, 0);
}
