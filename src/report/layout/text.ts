import { counted } from '../../core/domain/text/text.ts';
import { widthOf } from './width.ts';

/** One cell of aligned text. `paint` colours it after padding. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Columns grow no wider than this, so that one long name does not push all others off the screen. */
const WIDTH_MOST = 44;

/** Rows with their columns aligned; the last cell of a row is not padded. */
export function alignColumns(rows: readonly (readonly Cell[])[], indent: string): readonly string[] {
  const widths = columnWidths(rows);
  return rows.map((row) => alignedRow(row, widths, indent));
}

/** How wide each column of aligned rows is. */
export function columnWidths(rows: Iterable<readonly Cell[]>): readonly number[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, { text }] of row.entries()) {
      widths[column] = Math.max(widthAt(widths, column), Math.min(widthOf(text), WIDTH_MOST));
    }
  }
  return widths;
}

/** One of the rows whose columns are so wide. */
export function alignedRow(row: readonly Cell[], widths: readonly number[], indent: string): string {
  const cells = row.map(({ text, paint }, column) => {
    const padding = column === row.length - 1 ? 0 : Math.max(0, widthAt(widths, column) - widthOf(text));
    return `${paint ? paint(text) : text}${' '.repeat(padding)}`;
  });
  return indent + cells.join('  ');
}

function widthAt(widths: readonly number[], column: number): number {
  return widths[column] ?? 0;
}

/** How many entries of a long list the text shows. Changes and held parts are always complete. */
export const SHOWN_MOST = 20;

/** The lines of the first entries, and one that says how many more there are and how to see them. */
export function bounded<T>(
  items: readonly T[],
  toLines: (shown: readonly T[]) => readonly string[],
  most = SHOWN_MOST,
): readonly string[] {
  const hidden = items.length - most;
  const lines = toLines(items.slice(0, most));
  return [...lines, ...moreLines(hidden)];
}

/** The line that says how many entries are hidden, if any are. */
export function moreLines(hidden: number): readonly string[] {
  return hidden > 0 ? [`  and ${hidden} more; --format json shows all`] : [];
}

/** The heading of a section with its count: `Redundant (3 rows)`. */
export function heading(words: string, count: number, one: string, many?: string): string {
  return `${words} (${counted(count, one, many)})`;
}
