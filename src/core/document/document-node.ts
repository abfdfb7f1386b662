import type { Place } from '../domain/text/problem.ts';

/** A document as plain data. Each part keeps its place and its spelling. */
export type DocumentNode = ReadableNode | BrokenNode;

/** A part that is readable. */
export type ReadableNode = ScalarNode | ListNode | MapNode;

/** A text, a number, a boolean or nothing. */
export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The spelling in the text, including quotes. */
  readonly source: string;
  /** True if it is neither quoted nor a block scalar, so that YAML decided its type. */
  readonly plain: boolean;
  /** The comment after it on the same line, or null. */
  readonly comment: CommentBehind | null;
  readonly at: Place;
}

/** A comment after a value, on the same line. */
export interface CommentBehind {
  readonly text: string;
  readonly at: Place;
}

/** A list. */
export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly DocumentNode[];
  /** True for `[a, b]`. */
  readonly flow: boolean;
  readonly source: string;
  readonly at: Place;
}

/** A map of keys and values. */
export interface MapNode {
  readonly kind: 'map';
  /** The entries in the order of the text, each key once. */
  readonly entries: readonly MapEntry[];
  /** True for `{a: b}`. */
  readonly flow: boolean;
  readonly source: string;
  readonly at: Place;
}

/** One key of a map, with its value. */
export interface MapEntry {
  readonly key: string;
  readonly keyAt: Place;
  /** True if the key is quoted. */
  readonly quoted: boolean;
  readonly value: DocumentNode;
}

/** A part that already has a problem. Checks say nothing more about it. */
export interface BrokenNode {
  readonly kind: 'broken';
  readonly at: Place;
}

/** The entry of a key, or undefined. */
export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** The value of a key. Undefined if the key is absent or the node is not a map. */
export function valueAt(node: DocumentNode | null | undefined, key: string): DocumentNode | undefined {
  return node?.kind === 'map' ? entryOf(node, key)?.value : undefined;
}

/** The node at a JSON pointer, or undefined. */
export function nodeAt(root: DocumentNode, pointer: string): DocumentNode | undefined {
  let node: DocumentNode | undefined = root;
  for (const step of pointerSteps(pointer)) node = node && childOf(node, step);
  return node;
}

/** The steps of a JSON pointer, without its escapes. */
export function pointerSteps(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function childOf(node: DocumentNode, step: string): DocumentNode | undefined {
  if (node.kind === 'list') return node.items[Number(step)];
  return valueAt(node, step);
}

/** The node as plain data for a schema. Maps have no prototype, so `__proto__` is an ordinary key. */
export function toData(node: DocumentNode): unknown {
  switch (node.kind) {
    case 'broken':
      return null;
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toData);
    case 'map': {
      const data: Record<string, unknown> = Object.create(null);
      for (const { key, value } of node.entries) data[key] = toData(value);
      return data;
    }
  }
}

/** The place of the last value in a node, for what must come after it. */
export function lastPlace(node: DocumentNode): Place {
  if (node.kind === 'map') {
    const last = node.entries.at(-1);
    return last === undefined ? node.at : lastPlace(last.value);
  }
  const last = node.kind === 'list' ? node.items.at(-1) : undefined;
  return last === undefined ? node.at : lastPlace(last);
}
