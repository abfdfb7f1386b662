/** A stretch of a text, and what stands in its place. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text with every stretch replaced; all else stays as it is, byte for byte. The stretches do not overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text: other } of [...splices].sort((a, b) => a.from - b.from)) {
    parts.push(text.slice(at, from), other);
    at = to;
  }
  return parts.join('') + text.slice(at);
}
