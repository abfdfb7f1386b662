import { isAlias, isCollection, isMap, isScalar, isSeq, type Pair } from 'yaml';
import { FoundProblems } from '../domain/text/found-problems.ts';
import { errorAt, type Place, type Problem } from '../domain/text/problem.ts';
import type { CommentBehind, DocumentNode, MapEntry } from './document-node.ts';
import type { TextPlaces } from './source-text.ts';

/** A whole number or a decimal as JSON writes it. Every tool reads these in the same way. */
const PLAIN_NUMBER = /^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?$/;

/**
 * Turns the syntax tree into plain data with places. It reports what only the spelling shows: duplicate keys, and numbers
 * that are not what they look like. It recurses; the depth limit makes that safe.
 */
export class NodeReader {
  readonly problems = new FoundProblems();
  readonly #places: TextPlaces;
  readonly #text: string;

  constructor(places: TextPlaces) {
    this.#places = places;
    this.#text = places.source.text;
  }

  /** Reads a node. `emptyAt` is the place of an empty value: the key or the list before it. */
  read(node: unknown, emptyAt: Place): DocumentNode {
    if (!isScalar(node) && !isCollection(node)) return this.#unread(node, emptyAt);
    // A parsed node always has a range.
    const [start, end] = node.range as [number, number, number];
    const source = this.#text.slice(start, end).trimEnd();
    const at = source === '' ? emptyAt : this.#places.at(start, end);
    if (node.tag !== undefined) return { kind: 'broken', at };
    const flow = source.startsWith('[') || source.startsWith('{') || ('flow' in node && node.flow === true);
    if (isMap(node)) return { kind: 'map', entries: this.#entries(node.items, at), flow, source, at };
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.read(item, at)), flow, source, at };
    const plain = node.type === 'PLAIN';
    const value = plain ? this.#plainValue(node.value, source, at) : String(node.value);
    if (value === undefined) return { kind: 'broken', at };
    return { kind: 'scalar', value, source, plain, comment: this.#commentAt(end), at };
  }

  #unread(node: unknown, at: Place): DocumentNode {
    if (isAlias(node)) return { kind: 'broken', at };
    return { kind: 'scalar', value: null, source: '', plain: true, comment: null, at };
  }

  #entries(pairs: readonly Pair[], mapAt: Place): readonly MapEntry[] {
    const entries = new Map<string, MapEntry>();
    for (const { key, value } of pairs) {
      const read = this.read(key, mapAt);
      const text = read.kind === 'scalar' ? keyText(read.plain, read.source, read.value) : undefined;
      if (text === undefined) {
        if (read.kind !== 'broken') this.problems.push(badKey(read.at));
        continue;
      }
      const entry = {
        key: text,
        keyAt: read.at,
        quoted: read.kind === 'scalar' && !read.plain,
        value: this.read(value, read.at),
      };
      const before = entries.get(text);
      if (before) this.problems.push(duplicateKey(text, read.at, before.keyAt));
      else if (text !== '<<' || entry.quoted) entries.set(text, entry);
    }
    return [...entries.values()];
  }

  /** Undefined if the value has a problem. Whole numbers arrive as bigints, so that none is rounded unnoticed. */
  #plainValue(value: unknown, source: string, at: Place): string | number | boolean | null | undefined {
    if (typeof value !== 'number' && typeof value !== 'bigint') {
      return typeof value === 'boolean' || value === null ? value : String(value);
    }
    if (!PLAIN_NUMBER.test(source)) {
      this.problems.push(ambiguousNumber(source, at));
      return undefined;
    }
    if (typeof value === 'bigint' && !Number.isSafeInteger(Number(value))) {
      this.problems.push(unsafeInteger(source, at));
      return undefined;
    }
    return Number(value);
  }

  #commentAt(offset: number): CommentBehind | null {
    const match = /[ \t]*(#[^\r\n]*)/y;
    match.lastIndex = offset;
    const text = match.exec(this.#text)?.[1];
    if (text === undefined) return null;
    return { text, at: this.#places.at(match.lastIndex - text.length, match.lastIndex) };
  }
}

/** A key as it is spelled: `010` and `10` are two keys; `10` and `"10"` are the same key. */
function keyText(plain: boolean, source: string, value: unknown): string | undefined {
  if (plain) return source === '' || /[\r\n]/.test(source) ? undefined : source;
  return String(value);
}

function badKey(at: Place): Problem {
  return errorAt(
    at,
    'yaml-syntax',
    'a key must be a text on one line',
    'write key: value; quote a key with unusual characters',
  );
}

function duplicateKey(key: string, at: Place, before: Place): Problem {
  return errorAt(
    at,
    'duplicate-key',
    `this map already contains \`${key}\`, at line ${before.line}`,
    'merge the two entries, or rename one of them',
  );
}

function ambiguousNumber(source: string, at: Place): Problem {
  return errorAt(
    at,
    'ambiguous-number',
    `${source} is a number that tools read differently`,
    'write plain digits without leading zeros, + or exponent; if it is meant as text, quote it',
  );
}

function unsafeInteger(source: string, at: Place): Problem {
  return errorAt(
    at,
    'unsafe-integer',
    `${source} is too large to be read exactly; the largest is ${Number.MAX_SAFE_INTEGER}`,
    'check the digits; if it is meant as text, quote it',
  );
}
