import {
  type Document,
  isMap,
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
import { rangeOf } from './node-ends.ts';
import { type SourceText, TextPlaces } from './source-text.ts';

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
