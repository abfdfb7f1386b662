import {
  type CST,
  type Document,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Pair,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { foldAscii } from '../domain/text/text.ts';
import { lineEnd, type SourceText, TextPlaces } from './source-text.ts';

/** A text as an entry of a list, or alone beside a key. */
export interface WrittenScalar {
  /** The key with the list, or with the text. */
  readonly owner: Pair;
  /** Its place in the list; 0 where it stands alone. */
  readonly index: number;
}

/** A valid policy as its text and the tree over it, so that parts of the text can be found and replaced. */
export interface Editable {
  readonly text: string;
  readonly places: TextPlaces;
  readonly root: YAMLMap;
  readonly document: Document;
  /** By where they begin. */
  readonly scalars: ReadonlyMap<number, WrittenScalar>;
  /** How the file spells each address, by its folded form. */
  readonly spellings: ReadonlyMap<string, string>;
  readonly lineBreak: '\n' | '\r\n';
}

/** Null where the text is no map: nothing that was validated. */
export function toEditable(source: SourceText): Editable | null {
  const document = parseDocument(source.text, {
    version: '1.2',
    schema: 'core',
    keepSourceTokens: true,
    logLevel: 'silent',
  });
  const root = document.contents;
  if (!isMap(root) || document.errors.length > 0) return null;
  const scalars = new Map<number, WrittenScalar>();
  const spellings = new Map<string, string>();
  visit(document, {
    Pair: (_key, pair) => {
      const owner = pair as Pair;
      if (isScalar(pair.value)) scalars.set(rangeOf(pair.value)[0], { owner, index: 0 });
      if (!isSeq(pair.value)) return;
      const seq = pair.value as YAMLSeq;
      for (const [index, item] of seq.items.entries()) {
        if (isScalar(item)) scalars.set(rangeOf(item)[0], { owner, index });
      }
    },
    Scalar: (_key, { value }: Scalar) => {
      if (typeof value === 'string' && value.includes('@')) spellings.set(foldAscii(value), value);
    },
  });
  return {
    text: source.text,
    places: new TextPlaces(source),
    root,
    document,
    scalars,
    spellings,
    lineBreak: source.text.includes('\r\n') ? '\r\n' : '\n',
  };
}

/** The list under a key of the top level, where there is one. */
export function listUnder({ root }: Editable, key: string): YAMLSeq | null {
  const value = root.get(key, true);
  return isSeq(value) ? value : null;
}

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
