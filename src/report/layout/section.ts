import { counted } from '../words/phrase.ts';

/** How many entries of a long section the text shows; changes and held parts are always whole. */
export const SHOWN_MOST = 20;

/** The first entries of a long list, and a line that says how many are left out and where they are. */
export function bounded<T>(
  items: readonly T[],
  toLines: (shown: readonly T[]) => readonly string[],
): readonly string[] {
  const hidden = items.length - SHOWN_MOST;
  const lines = toLines(items.slice(0, SHOWN_MOST));
  return hidden > 0 ? [...lines, `  and ${hidden} more; --format json shows all`] : lines;
}

/** `Redundant (3 rows)`: the heading of a section with what it counts. */
export function heading(words: string, count: number, one: string, many?: string): string {
  return `${words} (${counted(count, one, many)})`;
}
