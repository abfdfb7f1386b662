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
import { emailKey } from '../domain/account/email.ts';
import { lineEnd, type SourceText, TextPlaces } from './source-text.ts';

/** Where a scalar is written: as an entry of a list, or as the value of a key. */
export interface WrittenScalar {
  /** The key with the list, or with the scalar. */
  readonly owner: Pair;
  /** Its index in the list; 0 if it is the value of a key. */
  readonly index: number;
}

/** A valid policy as text and as the syntax tree of that text, so that an edit can find and replace parts of it. */
export interface Editable {
  readonly text: string;
  readonly places: TextPlaces;
  readonly root: YAMLMap;
  readonly document: Document;
  /** The scalars by the offset at which they begin. */
  readonly scalars: ReadonlyMap<number, WrittenScalar>;
  /** The file's spelling of each address, by `emailKey`. */
  readonly spellings: ReadonlyMap<string, string>;
  readonly lineBreak: '\n' | '\r\n';
}

/** Parses a text for editing. Null if the text is not a map, which a validated policy always is. */
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
      if (typeof value === 'string' && value.includes('@')) spellings.set(emailKey(value), value);
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

/** The list under a top-level key, or null. */
export function listUnder({ root }: Editable, key: string): YAMLSeq | null {
  const value = root.get(key, true);
  return isSeq(value) ? value : null;
}

/** A range of a text, and the text that replaces it. */
export interface Splice {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** The text with every range replaced. All other bytes stay. The ranges must not overlap. */
export function spliced(text: string, splices: readonly Splice[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { from, to, text: other } of [...splices].sort((a, b) => a.from - b.from)) {
    parts.push(text.slice(at, from), other);
    at = to;
  }
  return parts.join('') + text.slice(at);
}

/** The offsets at which a node of a parsed text begins and ends. */
export function rangeOf(node: unknown): readonly [start: number, end: number] {
  const { range } = node as { readonly range: readonly [number, number, number] };
  return [range[0], range[1]];
}

/** The end of the line on which a node ends. A comment after the node belongs to it; the line break does not. */
export function lineEndOf(node: unknown, text: string): number {
  return lineEnd(text, endOf(node, text));
}

/** The end of a node. A collection in block style ends with its last entry, although the library lets it end later. */
function endOf(node: unknown, text: string): number {
  if (isPair(node)) return endOf(node.value, text);
  if ((isMap(node) || isSeq(node)) && node.flow !== true) return endOf(node.items.at(-1), text);
  // A block scalar ends after its line break.
  return text.slice(0, rangeOf(node)[1]).trimEnd().length;
}

/** The offset at which the line of an offset begins. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The offsets of the dashes of a list in block style. Null for a list in flow style. */
export function dashesOf(seq: YAMLSeq): readonly number[] | null {
  const token = seq.srcToken as CST.BlockSequence | CST.FlowCollection;
  if (token.type !== 'block-seq') return null;
  return token.items.flatMap(({ start }) =>
    start.filter(({ type }) => type === 'seq-item-ind').map(({ offset }) => offset),
  );
}
