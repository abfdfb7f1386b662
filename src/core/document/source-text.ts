import type { Place } from '../domain/text/problem.ts';

/** A text that a person wrote, and the file name for its problems. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
}

/** The text of one file that a policy includes, or why grantd could not read it. `path` is the path in the root file. */
export type IncludedText = { readonly path: string } & ({ readonly source: SourceText } | { readonly failure: string });

/** The text of a policy: of its root file, with the files that it includes. */
export interface PolicyTexts extends SourceText {
  /** Absent if none were looked for. Then an `include` is a problem. */
  readonly included?: readonly IncludedText[];
}

/** Converts offsets of a text into places that editors understand. */
export class TextPlaces {
  readonly source: SourceText;
  readonly #lineStarts: readonly number[];

  constructor(source: SourceText) {
    this.source = source;
    this.#lineStarts = lineStartsOf(source.text);
  }

  /**
   * The place from `start` up to `end`. Columns count UTF-16 code units, as editors and annotations do. A range of
   * several lines is underlined on its first line only. Every place is at least one column wide.
   */
  at(start: number, end: number): Place {
    const index = this.#lineIndex(start);
    const lineStart = this.#lineStarts[index] as number;
    const from = Math.max(start, lineStart);
    const stop = Math.min(end, lineEnd(this.source.text, from));
    const length = this.source.text.slice(from, stop).trimEnd().length;
    return { file: this.source.file, line: index + 1, column: from - lineStart + 1, length: Math.max(1, length) };
  }

  /** The offset at which a place begins: the reverse of `at`. */
  offsetOf({ line, column }: Pick<Place, 'line' | 'column'>): number {
    return (this.#lineStarts[line - 1] as number) + column - 1;
  }

  #lineIndex(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] as number) <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}

/** The end of the line of `offset`, before its line break. */
export function lineEnd(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) return text.length;
  return text[end - 1] === '\r' ? Math.max(offset, end - 1) : end;
}

/** The offsets at which lines begin. A byte order mark is not a column, so the first line begins after it. */
function lineStartsOf(text: string): readonly number[] {
  const starts = [text.startsWith('\uFEFF') ? 1 : 0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
