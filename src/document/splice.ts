/** A stretch of a text, and what stands in its place. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text with every stretch replaced; all else stays as it is, byte for byte. Of two that overlap the first one counts. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const inOrder = [...splices].sort((a, b) => a.from - b.from || a.to - b.to);
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text: other } of inOrder) {
    if (from < at) continue;
    parts.push(text.slice(at, from), other);
    at = to;
  }
  return parts.join('') + text.slice(at);
}
