import { type CST, isCollection, isMap, isPair, isScalar, isSeq, type YAMLSeq } from 'yaml';
import { lineEnd } from './source-text.ts';

/** Where the last character of a node stands that says something. A collection in block style ends with its last entry. */
export function endOf(node: unknown, text: string): number {
  if (isPair(node))
    return isCollection(node.value) || isScalar(node.value) ? endOf(node.value, text) : endOf(node.key, text);
  if ((isMap(node) || isSeq(node)) && node.flow !== true) {
    const last: unknown = node.items.at(-1);
    if (last !== undefined) return endOf(last, text);
  }
  const end = (isCollection(node) || isScalar(node) ? node.range?.[1] : undefined) ?? 0;
  // A block scalar ends behind its line break.
  return text.slice(0, end).trimEnd().length;
}

/** Where the line ends on which a node ends, a comment behind it included; the line break is left out. */
export function lineEndOf(node: unknown, text: string): number {
  return lineEnd(text, endOf(node, text));
}

/** Where the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** Where the dash of each entry of a list in block style stands; null for a list in flow style. */
export function dashesOf(seq: YAMLSeq): readonly number[] | null {
  const token = seq.srcToken as CST.BlockSequence | CST.FlowCollection | undefined;
  if (token?.type !== 'block-seq') return null;
  return token.items.flatMap(({ start }) => start.find(({ type }) => type === 'seq-item-ind')?.offset ?? []);
}
