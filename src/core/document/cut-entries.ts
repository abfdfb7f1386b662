import { isMap, isPair, isSeq, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import type { PolicyEdit } from '../domain/policy/imported-policy.ts';
import { dashesOf, type Editable, lineEndOf, lineStart, listUnder, rangeOf, type Splice } from './editable.ts';

type Cut = Extract<PolicyEdit, { kind: 'cut' }>;

/** A list or a map, and the key whose value it is. */
interface Collection {
  readonly owner: Pair;
  readonly node: YAMLSeq | YAMLMap;
}

/**
 * The splices that delete entries with their lines: members of lists and keys of maps. A grant that would reach no one is deleted whole,
 * and any other list that loses all its entries becomes `[]`. Comments on lines of their own stay. Null if the text gives no safe way.
 */
export function cutEntries(cuts: readonly Cut[], editable: Editable): readonly Splice[] | null {
  const byCollection = new Map<Collection['node'], { readonly in: Collection; readonly indices: Set<number> }>();
  const add = (collection: Collection, index: number) => {
    const known = byCollection.get(collection.node) ?? { in: collection, indices: new Set() };
    known.indices.add(index);
    byCollection.set(collection.node, known);
  };
  const grants = grantsOf(editable);
  const inGrants = new Map<YAMLSeq, { readonly grant: number; readonly indices: Set<number> }>();
  for (const cut of cuts) {
    const offset = editable.places.offsetOf(cut.at);
    const grant = cut.grant === null ? -1 : grantAt(editable.places.offsetOf(cut.grant), grants);
    const written = editable.scalars.get(offset);
    const list = written && isSeq(written.owner.value) ? written.owner.value : null;
    if (grants !== null && grant >= 0 && written) {
      if (list === null) add(grants, grant);
      else {
        const known = inGrants.get(list) ?? { grant, indices: new Set() };
        known.indices.add(written.index);
        inGrants.set(list, known);
        if (known.indices.size === list.items.length) add(grants, grant);
      }
    } else if (written && list !== null) add({ owner: written.owner, node: list }, written.index);
    else if (!addKey(offset, editable, add)) return null;
  }
  const whole = grants === null ? undefined : byCollection.get(grants.node)?.indices;
  const lists = [...inGrants].filter(([, { grant }]) => whole?.has(grant) !== true);
  const splices = [
    ...[...byCollection.values()].map(({ in: collection, indices }) => cutFrom(collection, indices, editable)),
    ...lists.map(([list, { indices }]) => cutItems(list, indices, editable.text)),
  ];
  return splices.every((some) => some !== null) ? splices.flat() : null;
}

function grantsOf(editable: Editable): Collection | null {
  const owner = editable.root.items.find(({ key }) => String(key) === 'grants');
  const node = listUnder(editable, 'grants');
  return owner === undefined || node === null ? null : { owner: owner as Pair, node };
}

function grantAt(offset: number, grants: Collection | null): number {
  return grants === null ? -1 : grants.node.items.findIndex((item) => !isPair(item) && rangeOf(item)[0] === offset);
}

/** A key of `ends`. */
function addKey(offset: number, { root }: Editable, add: (collection: Collection, index: number) => void): boolean {
  const owner = root.items.find(({ key }) => String(key) === 'ends');
  if (owner === undefined || !isMap(owner.value)) return false;
  const index = owner.value.items.findIndex(({ key }) => rangeOf(key)[0] === offset);
  if (index >= 0) add({ owner: owner as Pair, node: owner.value }, index);
  return index >= 0;
}

function cutFrom(
  { owner, node }: Collection,
  indices: ReadonlySet<number>,
  { text }: Editable,
): readonly Splice[] | null {
  if (indices.size < node.items.length) return cutItems(node, indices, text);
  const empty = isSeq(node) ? '[]' : '{}';
  if (node.flow === true) {
    const [from, to] = rangeOf(node);
    return text.slice(from, to).includes('#') ? null : [{ from, to, text: empty }];
  }
  const lines = cutItems(node, indices, text);
  const colon = text.indexOf(':', rangeOf(owner.key)[1]) + 1;
  return lines && [{ from: colon, to: colon, text: ` ${empty}` }, ...lines];
}

function cutItems(node: YAMLSeq | YAMLMap, indices: ReadonlySet<number>, text: string): readonly Splice[] | null {
  const splices = [...indices].map((index) =>
    node.flow === true ? cutInFlow(node, index, indices, text) : cutLines(node, index, text),
  );
  return splices.every((one) => one !== null) ? splices : null;
}

/** The lines of an entry. Null if something else is on its first line. */
function cutLines(node: YAMLSeq | YAMLMap, index: number, text: string): Splice | null {
  const item = node.items[index];
  const start = isSeq(node) ? (dashesOf(node)?.[index] as number) : rangeOf((item as Pair).key)[0];
  const from = lineStart(text, start);
  if (text.slice(from, start).trim() !== '') return null;
  const end = lineEndOf(item, text);
  const next = text.indexOf('\n', end);
  return { from, to: next < 0 ? text.length : next + 1, text: '' };
}

function cutInFlow(node: YAMLSeq | YAMLMap, index: number, cut: ReadonlySet<number>, text: string): Splice {
  const item = node.items[index];
  const [start] = rangeOf(isPair(item) ? item.key : item);
  const [, end] = rangeOf(isPair(item) ? item.value : item);
  const isTail = node.items.every((_, other) => other <= index || cut.has(other));
  // The last entries go with the comma before them, all others with the comma behind.
  if (isTail) return { from: text.slice(0, start).replace(/,?\s*$/, '').length, to: end, text: '' };
  const comma = text.indexOf(',', end) + 1;
  return { from: start, to: comma + text.slice(comma).search(/[^ \t]|$/), text: '' };
}
