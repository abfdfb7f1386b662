import type { Place } from '../domain/text/problem.ts';

/** A document as plain data that remembers where each part stands and how it was spelled. */
export type DocumentNode = ReadableNode | BrokenNode;

/** A part that could be read. */
export type ReadableNode = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  readonly value: string | number | boolean | null;
  /** The spelling in the text, quotes included. */
  readonly source: string;
  /** True where it is neither quoted nor a block scalar, so YAML alone decided what it is. */
  readonly plain: boolean;
  /** The comment that follows on the same line, if there is one. */
  readonly comment: CommentBehind | null;
  readonly at: Place;
}

export interface CommentBehind {
  readonly text: string;
  readonly at: Place;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly DocumentNode[];
  /** True for `[a, b]`. */
  readonly flow: boolean;
  readonly source: string;
  readonly at: Place;
}

export interface MapNode {
  readonly kind: 'map';
  /** In the order of the text, each key once. */
  readonly entries: readonly MapEntry[];
  /** True for `{a: b}`. */
  readonly flow: boolean;
  readonly source: string;
  readonly at: Place;
}

export interface MapEntry {
  readonly key: string;
  readonly keyAt: Place;
  /** True where the key is quoted. */
  readonly quoted: boolean;
  readonly value: DocumentNode;
}

/** A part that already has a problem of its own: nothing more is said about it. */
export interface BrokenNode {
  readonly kind: 'broken';
  readonly at: Place;
}

export function entryOf(map: MapNode, key: string): MapEntry | undefined {
  return map.entries.find((entry) => entry.key === key);
}

/** The value of a key; undefined where the key is absent, or where there is no map to look into. */
export function valueAt(node: DocumentNode | null | undefined, key: string): DocumentNode | undefined {
  return node?.kind === 'map' ? entryOf(node, key)?.value : undefined;
}

/** The node that a JSON pointer leads to, or undefined where it leads nowhere. */
export function nodeAt(root: DocumentNode, pointer: string): DocumentNode | undefined {
  let node: DocumentNode | undefined = root;
  for (const step of pointerSteps(pointer)) node = node && childOf(node, step);
  return node;
}

/** The steps of a JSON pointer, their escapes undone. */
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

/** Plain data for a schema. Maps have no prototype, so `__proto__` is a key like any other. */
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
