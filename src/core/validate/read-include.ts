import { type DocumentNode, entryOf, type MapNode, valueAt } from '../document/document-node.ts';
import { parseDocument } from '../document/parse-document.ts';
import type { SourceText } from '../document/source-text.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import type { Team } from '../domain/policy/team.ts';
import { lineFrom, type Place } from '../domain/text/problem.ts';
import type { PolicyReader } from './policy-reader.ts';
import { LEVELS } from './read-grants.ts';
import { isName, readPrincipal, whyNoName } from './read-principal.ts';
import { readResource } from './read-resource.ts';
import { readFreeText, type WrittenText } from './read-text.ts';

/** What an included file is. */
export const INCLUDED_KINDS = ['shared', 'team', 'approvals'] as const;

/** One of `INCLUDED_KINDS`. */
export type IncludedKind = (typeof INCLUDED_KINDS)[number];

/** The most files that a policy includes. */
export const INCLUDED_MOST = 500;

/** One entry of `include`: the path as it is written, and what the file may decide if it is a team's. */
export type IncludeEntry = { readonly path: string; readonly pathAt: Place; readonly at: Place } & (
  | { readonly kind: 'shared' | 'approvals' }
  | { readonly kind: 'team'; readonly team: Omit<Team, 'file'> }
);

/** A text that may have the key `include`. Only such a text is parsed to find its files. */
const MENTIONS_INCLUDE = /include["']?\s*:|\\[xuU]/;

/** The paths that a root file includes, in their order: as far as it is readable, and no more than are allowed. */
export function includedPaths(source: SourceText): readonly string[] {
  if (!MENTIONS_INCLUDE.test(source.text)) return [];
  const list = valueAt(parseDocument(source).root, 'include');
  if (list?.kind !== 'list') return [];
  const paths = list.items.slice(0, INCLUDED_MOST).flatMap((item) =>
    INCLUDED_KINDS.flatMap((kind) => {
      const path = valueAt(item, kind);
      return path?.kind === 'scalar' && typeof path.value === 'string' && isInside(path.value) ? [path.value] : [];
    }),
  );
  return [...new Set(paths)];
}

/** Reads `include`. */
export function readInclude(node: DocumentNode | undefined, reader: PolicyReader): readonly IncludeEntry[] {
  const paths = new Map<string, Place>();
  const names = new Map<string, Place>();
  return reader.itemsOf(node).flatMap((item) => {
    const entry = item.kind === 'map' ? readEntry(item, reader) : reader.leaveOut();
    if (entry === null) return [];
    reportTwice(paths, entry.path, entry, 'the file', reader);
    if (entry.kind === 'team' && entry.team.name !== '') reportTwice(names, entry.team.name, entry, 'the team', reader);
    return [entry];
  });
}

function reportTwice(
  seen: Map<string, Place>,
  name: string,
  { at }: IncludeEntry,
  noun: string,
  reader: PolicyReader,
): void {
  const before = seen.get(name);
  if (before === undefined) seen.set(name, at);
  else {
    const message = `${noun} ${name} is included at ${lineFrom(at, before)} already`;
    reader.error(at, 'included-twice', message, 'delete one of the two entries, or correct it');
  }
}

function readEntry(item: MapNode, reader: PolicyReader): IncludeEntry | null {
  const kinds = INCLUDED_KINDS.filter((kind) => entryOf(item, kind) !== undefined);
  const [kind, ...others] = kinds;
  if (kind === undefined || others.length > 0) {
    const message =
      kind === undefined
        ? 'this entry names no file'
        : `this entry names ${kinds.length} files: ${kinds.map((one) => `\`${one}\``).join(' and ')}`;
    reader.error(item.at, 'bad-include', message, 'write one of `shared:`, `team:` and `approvals:` with a path');
    return reader.leaveOut();
  }
  const written = readPath(valueAt(item, kind), reader);
  if (written === null) return null;
  const place = { path: written.text, pathAt: written.at, at: item.at };
  if (kind !== 'team') return { kind, ...place };
  return { kind, ...place, team: { ...readLimits(item, reader), at: item.at } };
}

function readPath(node: DocumentNode | undefined, reader: PolicyReader): WrittenText | null {
  const written = readFreeText(node, reader);
  if (written === null) return reader.leaveOut();
  if (isInside(written.text)) return written;
  const message = `"${written.text}" is no path below the directory of this file`;
  const remedy = 'write a path relative to this file, with /, without .. and without links out of its directory';
  reader.error(written.at, 'bad-include', message, remedy);
  return reader.leaveOut();
}

/** Whether a path is relative and stays below its directory. Each of its names is an ordinary one. */
function isInside(path: string): boolean {
  return !path.includes('\\') && path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

function readLimits(item: MapNode, reader: PolicyReader): Pick<Team, 'name' | 'may' | 'tokens' | 'upTo'> {
  const may: ResourceRef[] = [];
  const tokens: string[] = [];
  for (const node of reader.itemsOf(valueAt(item, 'may'))) {
    const text = node.kind === 'scalar' && typeof node.value === 'string' ? node.value : '';
    const token = text.startsWith('token:') ? readPrincipal(node, reader) : null;
    const resource = text.startsWith('token:') ? null : readResource(node, reader);
    if (token !== null && 'token' in token) tokens.push(token.token);
    if (resource !== null) may.push(resource);
  }
  const upTo = valueAt(item, 'upTo');
  return { name: readTeamName(item, reader), may, tokens, upTo: upTo ? reader.wordOf(upTo, LEVELS) : 'viewer' };
}

function readTeamName(item: MapNode, reader: PolicyReader): string {
  const written = readFreeText(valueAt(item, 'as'), reader);
  if (written === null) {
    reader.leaveOut();
    return '';
  }
  if (isName(written.text)) return written.text;
  const [why, remedy] = whyNoName(written.text);
  reader.error(written.at, 'bad-name', `"${written.text}" cannot be the name of a team${why}`, remedy);
  return '';
}
