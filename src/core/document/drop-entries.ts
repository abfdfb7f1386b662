import { isSeq, type Pair, type YAMLSeq } from 'yaml';
import type { PolicyEdit } from '../domain/policy/imported-policy.ts';
import type { Place } from '../domain/text/problem.ts';
import {
  dashesOf,
  type Editable,
  lineEndOf,
  lineStart,
  listUnder,
  rangeOf,
  type Splice,
  type WrittenScalar,
} from './editable.ts';

type Drop = Extract<PolicyEdit, { kind: 'drop' }>;

interface Taken {
  readonly drop: Drop;
  readonly written: WrittenScalar;
}

/** The splices that remove entries, and the entries that this text gives no safe way to remove. */
export interface DroppedEntries {
  readonly splices: readonly Splice[];
  readonly undone: readonly Drop[];
}

/**
 * Removes entries from their lists. An entry on its own line becomes a comment, so that nothing that a person wrote is
 * lost. An entry between others on one line is cut out. If a grant would reach no one, the whole grant becomes a comment.
 */
export function dropEntries(drops: readonly Drop[], editable: Editable): DroppedEntries {
  const splices: Splice[] = [];
  const undone: Drop[] = [];
  const lists = new Map<Pair, Taken[]>();
  for (const drop of drops) {
    const written = editable.scalars.get(editable.places.offsetOf(drop.at));
    if (written) lists.set(written.owner, [...(lists.get(written.owner) ?? []), { drop, written }]);
    else undone.push(drop);
  }
  for (const [owner, taken] of lists) {
    const found = dropFrom(owner, taken, editable);
    if (found) splices.push(...found);
    else undone.push(...taken.map(({ drop }) => drop));
  }
  return { splices, undone };
}

function dropFrom(owner: Pair, taken: readonly Taken[], editable: Editable): readonly Splice[] | null {
  const seq = isSeq(owner.value) ? (owner.value as YAMLSeq) : null;
  const indices = new Set(taken.map(({ written }) => written.index));
  if (seq && indices.size < seq.items.length) {
    return [...indices].flatMap((index) => dropItem(seq, index, indices, editable.text));
  }
  const [{ drop }] = taken as [Taken];
  if (drop.grant !== null) return commentOutGrant(drop.grant, editable);
  return seq && emptyList(owner, seq, editable.text);
}

function dropItem(seq: YAMLSeq, index: number, dropped: ReadonlySet<number>, text: string): readonly Splice[] {
  const dash = dashesOf(seq)?.[index];
  if (dash !== undefined) return [{ from: dash, to: dash, text: '# ' }];
  const [start, end] = rangeOf(seq.items[index]);
  const comma = /^\s*,[ \t]*/.exec(text.slice(end));
  if (comma && index + 1 < seq.items.length) return [{ from: start, to: end + comma[0].length, text: '' }];
  // If the entry before is removed too, its comma is removed with it.
  const before = dropped.has(index - 1) ? null : /,[ \t]*$/.exec(text.slice(0, start));
  return [{ from: before ? before.index : start, to: end, text: '' }];
}

/** Puts `[]` in place of a list that loses all its entries. */
function emptyList({ key }: Pair, seq: YAMLSeq, text: string): readonly Splice[] | null {
  const dashes = dashesOf(seq);
  if (dashes) {
    const colon = text.indexOf(':', rangeOf(key)[1]) + 1;
    return [{ from: colon, to: colon, text: ' []' }, ...dashes.map((dash) => ({ from: dash, to: dash, text: '# ' }))];
  }
  const [from, to] = rangeOf(seq);
  return text.slice(from, to).includes('#') ? null : [{ from, to, text: '[]' }];
}

/** Turns a whole grant into a comment. Null if it is not on lines of its own. */
function commentOutGrant(at: Place, editable: Editable): readonly Splice[] | null {
  const { text, places } = editable;
  const grants = listUnder(editable, 'grants') as YAMLSeq;
  const offset = places.offsetOf(at);
  const index = grants.items.findIndex((item) => rangeOf(item)[0] === offset);
  const dash = dashesOf(grants)?.[index];
  if (dash === undefined) return null;
  const column = dash - lineStart(text, dash);
  const lines: Splice[] = [];
  const end = lineEndOf(grants.items[index], text);
  for (let line = dash - column; line < end; line = text.indexOf('\n', line) + 1) {
    const isBlank = /^[ \t\r]*\n/.test(text.slice(line, end));
    if (!isBlank) lines.push({ from: line + column, to: line + column, text: '# ' });
    if (!text.slice(line, end).includes('\n')) break;
  }
  return lines;
}
