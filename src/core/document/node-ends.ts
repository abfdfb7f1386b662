import { type CST, isMap, isPair, isSeq, type YAMLSeq } from 'yaml';
import { lineEnd } from './source-text.ts';

/** Where a node of a parsed text begins, and where its last character stands. */
export function rangeOf(node: unknown): readonly [start: number, end: number] {
  const { range } = node as { readonly range: readonly [number, number, number] };
  return [range[0], range[1]];
}

/** Where the line ends on which a node ends, a comment behind it included; the line break is left out. */
export function lineEndOf(node: unknown, text: string): number {
  return lineEnd(text, endOf(node, text));
}

/** A collection in block style ends with its last entry; the library lets it end with what follows. */
function endOf(node: unknown, text: string): number {
  if (isPair(node)) return endOf(node.value, text);
  if ((isMap(node) || isSeq(node)) && node.flow !== true) return endOf(node.items.at(-1), text);
  // A block scalar ends behind its line break.
  return text.slice(0, rangeOf(node)[1]).trimEnd().length;
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the dash of each entry of a list in block style stands; null for a list in flow style. */
export function dashesOf(seq: YAMLSeq): readonly number[] | null {
  const token = seq.srcToken as CST.BlockSequence | CST.FlowCollection;
  if (token.type !== 'block-seq') return null;
  return token.items.flatMap(({ start }) =>
    start.filter(({ type }) => type === 'seq-item-ind').map(({ offset }) => offset),
  );
}
