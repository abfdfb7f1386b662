import { isCollection, isScalar, type Pair, type YAMLSeq } from 'yaml';
import type { PolicyEdit } from '../domain/policy-edit.ts';
import { type Editable, listUnder } from './editable.ts';
import { dashesOf, lineEndOf, lineStart } from './node-ends.ts';
import type { Splice } from './splice.ts';

type Drop = Extract<PolicyEdit, { kind: 'drop' }>;

/** The splices of each drop; null for one that this text gives no safe way to make. */
export type DroppedEntries = ReadonlyMap<Drop, readonly Splice[] | null>;

/**
 * Takes entries out of their lists. What stands on lines of its own becomes a comment, so that nothing that somebody wrote is
 * lost; what stands between others is cut out. An entry of `grants` that would reach nobody becomes a comment as a whole.
 */
export function dropEntries(drops: readonly Drop[], editable: Editable): DroppedEntries {
  const byOwner = new Map<Pair | null, Drop[]>();
  for (const drop of drops) {
    const owner = editable.scalars.get(editable.places.offsetOf(drop.at))?.owner ?? null;
    byOwner.set(owner, [...(byOwner.get(owner) ?? []), drop]);
  }
  return new Map([...byOwner].flatMap(([owner, together]) => dropFrom(owner, together, editable)));
}

function dropFrom(
  owner: Pair | null,
  drops: readonly Drop[],
  editable: Editable,
): readonly (readonly [Drop, readonly Splice[] | null])[] {
  const [first] = drops;
  const found = drops.map(({ at }) => editable.scalars.get(editable.places.offsetOf(at)));
  const seq = found[0]?.list?.seq;
  const indices = new Set(found.map((one) => one?.list?.index));
  const isAll = seq === undefined || indices.size === seq.items.length;
  if (owner === null || !first) return drops.map((drop) => [drop, null]);
  if (isAll) {
    const splices = first.grant === null ? emptyList(owner, seq, editable) : commentOutGrant(first.grant, editable);
    // One set of splices makes all of them.
    return drops.map((drop, index) => [drop, index === 0 || splices === null ? splices : []]);
  }
  return drops.map((drop, index) => {
    const at = found[index]?.list?.index;
    return [drop, at === undefined ? null : dropItem(seq, at, indices, editable)];
  });
}

function dropItem(
  seq: YAMLSeq,
  index: number,
  dropped: ReadonlySet<number | undefined>,
  { text }: Editable,
): readonly Splice[] | null {
  const dash = dashesOf(seq)?.[index];
  if (dash !== undefined) return [{ from: dash, to: dash, text: '# ' }];
  const [start, end] = rangeOf(seq.items[index]);
  const comma = /^\s*,[ \t]*/.exec(text.slice(end))?.[0];
  const hasNext = index + 1 < seq.items.length;
  if (comma !== undefined && hasNext) return [{ from: start, to: end + comma.length, text: '' }];
  const before = /,[ \t]*$/.exec(text.slice(0, start))?.[0] ?? '';
  // Where the one before is taken out too, its comma goes with it.
  return [{ from: dropped.has(index - 1) ? start : start - before.length, to: end, text: '' }];
}

/** `[]` in place of a list whose entries all go. */
function emptyList(owner: Pair, seq: YAMLSeq | undefined, { text }: Editable): readonly Splice[] | null {
  const dashes = seq && dashesOf(seq);
  if (!seq) return null;
  if (!dashes) {
    const [start, end] = rangeOf(seq);
    return text.slice(start, end).includes('#') ? null : [{ from: start, to: end, text: '[]' }];
  }
  return [emptyBehind(owner, text), ...dashes.map((dash) => ({ from: dash, to: dash, text: '# ' }))];
}

function emptyBehind({ key }: Pair, text: string): Splice {
  const colon = text.indexOf(':', rangeOf(key)[1]) + 1;
  return { from: colon, to: colon, text: ' []' };
}

/** The whole entry as a comment, where it stands on lines of its own. */
function commentOutGrant(at: NonNullable<Drop['grant']>, editable: Editable): readonly Splice[] | null {
  const { text, places } = editable;
  const grants = listUnder(editable, 'grants');
  const dashes = grants && dashesOf(grants);
  const offset = places.offsetOf(at);
  const index = grants?.items.findIndex((item) => rangeOf(item)[0] === offset) ?? -1;
  const dash = dashes?.[index];
  if (!grants || dash === undefined) return null;
  const column = dash - lineStart(text, dash);
  const lines: Splice[] = [];
  const end = lineEndOf(grants.items[index], text);
  for (let line = dash - column; line < end; line = text.indexOf('\n', line) + 1 || text.length) {
    const isBlank = /^[ \t\r]*(?:\n|$)/.test(text.slice(line, line + column + 2));
    if (!isBlank) lines.push({ from: line + column, to: line + column, text: '# ' });
  }
  return lines;
}

function rangeOf(node: unknown): readonly [start: number, end: number] {
  const range = isScalar(node) || isCollection(node) ? node.range : null;
  return [range?.[0] ?? 0, range?.[1] ?? 0];
}
