/** One cell of aligned text: what it says, and how it is coloured once it is padded. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Columns stop growing here, so that one long name does not push all others off the screen. */
const WIDTH_MOST = 44;

/** Rows with their columns aligned; the last cell of a row is not padded. */
export function alignColumns(rows: readonly (readonly Cell[])[], indent: string): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { text }] of row.entries()) {
      widths[column] = Math.max(widthAt(widths, column), Math.min(widthOf(text), WIDTH_MOST));
    }
  }
  return rows.map((row) => {
    const cells = row.map(({ text, paint }, column) => {
      const padding = column === row.length - 1 ? 0 : Math.max(0, widthAt(widths, column) - widthOf(text));
      return `${paint ? paint(text) : text}${' '.repeat(padding)}`;
    });
    return indent + cells.join('  ');
  });
}

function widthAt(widths: readonly number[], column: number): number {
  return widths[column] ?? 0;
}

function widthOf(text: string): number {
  return [...text].length;
}
