import type { AccessRow, AccountAccess, ActualState, ApiToken } from '../../core/domain/account/actual-state.ts';
import { resourceKey } from '../../core/domain/account/resource.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import { JsonReader } from '../../core/domain/text/json-reader.ts';
import { readAccess, readApiToken, readMoment } from './read-holders.ts';
import { readTree } from './read-tree.ts';
import { accessJson, apiTokenJson, resourceJson, rootJson } from './snapshot-json.ts';

/** The version of the format. Another version means another shape. */
const SNAPSHOT_VERSION = 1;

/** Longer text is refused unread. A million rows need less than a quarter of this. */
export const SNAPSHOT_CHARACTERS_MAX = 256 * 2 ** 20;

/**
 * Writes an observed account as the text of a file (schemas/snapshot.v1.schema.json): everything that a plan depends on, and no
 * secret. Equal accounts give equal texts, and each resource and access has its own line, so that snapshots are easy to compare.
 */
export function encodeSnapshot(actual: ActualState, takenAt: Instant): string {
  const { account, tree, accesses, apiTokens } = actual;
  const below = tree.nodes.filter((node) => node !== tree.root);
  return [
    `{"version":${SNAPSHOT_VERSION},`,
    `"takenAt":${JSON.stringify(instantText(takenAt))},`,
    `"account":${account},`,
    `"root":${JSON.stringify(rootJson(tree.root))},`,
    `"resources":${linesOf(below.map(resourceJson))},`,
    `"accesses":${linesOf(accesses.map(accessJson))},`,
    `"apiTokens":${apiTokens === null ? 'null' : linesOf(apiTokens.map(apiTokenJson))}}`,
    '',
  ].join('\n');
}

function linesOf(items: readonly unknown[]): string {
  return items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
}

/** Reads the account that `encodeSnapshot` wrote, or reports every problem of the text with its place. */
export function decodeSnapshot(
  text: string,
): { readonly actual: ActualState; readonly takenAt: Instant } | { readonly problems: readonly string[] } {
  if (text.length > SNAPSHOT_CHARACTERS_MAX)
    return { problems: [`it has more than ${SNAPSHOT_CHARACTERS_MAX} characters, which is the limit`] };
  const parsed = parse(text);
  if (parsed === undefined) return { problems: ['it is not JSON'] };
  const reader = new JsonReader();
  const version = reader.object(parsed, '', ['version'], 'left')['version'];
  if (reader.problems.length === 0 && version !== SNAPSHOT_VERSION)
    reader.report('version', `${JSON.stringify(version)} is unknown; this grantd reads ${SNAPSHOT_VERSION}`);
  if (reader.problems.length > 0) return { problems: reader.problems };
  return readSnapshot(reader, parsed);
}

/** The message of the parser is left out, because it quotes part of the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const KEYS = ['version', 'takenAt', 'account', 'root', 'resources', 'accesses', 'apiTokens'];

function readSnapshot(reader: JsonReader, parsed: unknown): ReturnType<typeof decodeSnapshot> {
  const read = reader.object(parsed, '', KEYS);
  const takenAt = readMoment(reader, read['takenAt'], 'takenAt');
  const account = reader.integer(read['account'], 'account', 1);
  const tree = readTree(reader, { account, root: read['root'], resources: read['resources'] });
  const accesses = reader.list(read['accesses'], 'accesses', (item, place) => readAccess(reader, item, place));
  const apiTokens =
    read['apiTokens'] === null
      ? null
      : reader.list(read['apiTokens'], 'apiTokens', (item, place) => readApiToken(reader, item, place));
  if (reader.problems.length === 0) reportRepeats(reader, accesses, apiTokens ?? []);
  if (reader.problems.length > 0 || tree === null) return { problems: reader.problems };
  return { actual: { account, tree, accesses, apiTokens }, takenAt };
}

/** Reports duplicates, which the API's lists never contain: a plan would confuse the two. */
function reportRepeats(reader: JsonReader, accesses: readonly AccountAccess[], apiTokens: readonly ApiToken[]): void {
  reportTwice(reader, 'accesses', accesses, ({ access }) => `account access ${access}`);
  reportTwice(reader, 'apiTokens', apiTokens, ({ tokenId }) => `API token ${tokenId}`);
  for (const [index, { rows }] of accesses.entries()) reportRows(reader, `accesses[${index}].rows`, rows);
  for (const [index, { rows }] of apiTokens.entries()) reportRows(reader, `apiTokens[${index}].rows`, rows);
}

/** Reports duplicate rows. Ids repeat across types, so the slower check by key only runs if an id repeats. */
function reportRows(reader: JsonReader, place: string, rows: readonly AccessRow[]): void {
  if (new Set(rows.map(({ id }) => id)).size < rows.length) reportTwice(reader, place, rows, resourceKey);
}

function reportTwice<T>(reader: JsonReader, place: string, items: readonly T[], nameOf: (item: T) => string): void {
  const seen = new Set<string>();
  for (const item of items) {
    const name = nameOf(item);
    if (seen.has(name)) reader.report(place, `${name} is listed twice`);
    seen.add(name);
  }
}
