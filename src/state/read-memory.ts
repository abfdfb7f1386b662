import {
  type AccountMemory,
  emptyMemory,
  REPEATED_MOST,
  type RepeatedChange,
  SUPERSEDED_MOST,
} from '../domain/account-memory.ts';
import { type Instant, instantText } from '../domain/instant.ts';
import { type JsonObject, JsonReader } from '../domain/json-reader.ts';
import { isWritableType, type ResourceType } from '../domain/resource.ts';
import type { TokenPair } from '../domain/restraints.ts';
import type { Revision } from '../domain/revision.ts';
import { STATE_VERSION } from './memory-json.ts';

/** What `encodeMemory` was given, or why the text is nothing of the kind. */
export function readMemory(
  text: string,
  account: number,
): { readonly memory: AccountMemory } | { readonly fault: string } {
  const parsed = parse(text);
  if (parsed === undefined) return { fault: 'it is not JSON, so it was cut off or edited' };
  const reader = new JsonReader();
  const version = reader.object(parsed, '', ['version'], 'left')['version'];
  if (reader.problems.length === 0 && version !== STATE_VERSION) {
    return { fault: `its version is not ${STATE_VERSION}, so another grantd wrote it` };
  }
  const memory = readWhole(reader, parsed);
  const [problem] = reader.problems;
  if (problem !== undefined) return { fault: problem };
  if (memory.account !== account) return { fault: `it is of account ${memory.account}` };
  return { memory };
}

/** What the parser says of a bad text is left out: it repeats a part of it. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const KEYS = ['version', 'account', 'policy', 'provenPairs', 'disprovenPairs', 'repeated'];

function readWhole(reader: JsonReader, parsed: unknown): AccountMemory {
  const read: JsonObject = { superseded: [], ...reader.object(parsed, '', KEYS, 'left') };
  const unknown = Object.keys(read).filter((key) => !KEYS.includes(key) && key !== 'superseded');
  for (const key of unknown) reader.report('', `has an unknown key ${JSON.stringify(key)}`);
  if (reader.problems.length > 0) return emptyMemory(0);
  const repeated = reader.list(read['repeated'], 'repeated', (item, place) => readRepeated(reader, item, place));
  if (repeated.length > REPEATED_MOST) reader.report('repeated', `has over ${REPEATED_MOST} items`);
  const superseded = reader.list(read['superseded'], 'superseded', (item, place) =>
    readRevision(reader, reader.object(item, place, ['sha256', 'commit']), place),
  );
  if (superseded.length > SUPERSEDED_MOST) reader.report('superseded', `has over ${SUPERSEDED_MOST} items`);
  const readPairs = (key: string) => reader.list(read[key], key, (item, place) => readPair(reader, item, place));
  return {
    account: reader.integer(read['account'], 'account', 1),
    policy: read['policy'] === null ? null : readPolicy(reader, read['policy'], 'policy'),
    superseded,
    provenPairs: readPairs('provenPairs'),
    disprovenPairs: readPairs('disprovenPairs'),
    repeated,
  };
}

function readPolicy(reader: JsonReader, value: unknown, place: string): AccountMemory['policy'] {
  const read = reader.object(value, place, ['sha256', 'commit', 'acceptedAt']);
  const revision = readRevision(reader, read, place);
  return { revision, acceptedAt: readMoment(reader, read['acceptedAt'], `${place}.acceptedAt`) };
}

function readRevision(reader: JsonReader, read: JsonObject, place: string): Revision {
  return {
    sha256: readMatch(reader, read['sha256'], `${place}.sha256`, SHA256),
    commit: read['commit'] === null ? null : readMatch(reader, read['commit'], `${place}.commit`, COMMIT),
  };
}

const SHA256 = /^[0-9a-f]{64}$/;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

function readMatch(reader: JsonReader, value: unknown, place: string, shape: RegExp): string {
  const text = reader.text(value, place);
  if (typeof value === 'string' && !shape.test(text)) reader.report(place, 'is no hash in lower-case hex');
  return text;
}

function readPair(reader: JsonReader, value: unknown, place: string): TokenPair {
  const read = reader.object(value, place, ['access', 'tokenId']);
  return {
    access: reader.integer(read['access'], `${place}.access`),
    tokenId: reader.integer(read['tokenId'], `${place}.tokenId`),
  };
}

const REPEATED_KEYS = ['access', 'resource', 'after', 'runs', 'hasBeenInPlace', 'contestedSince', 'triedAt'];

function readRepeated(reader: JsonReader, value: unknown, place: string): RepeatedChange {
  const read = reader.object(value, place, REPEATED_KEYS);
  const resource = reader.object(read['resource'], `${place}.resource`, ['type', 'id']);
  const since = read['contestedSince'];
  return {
    access: reader.integer(read['access'], `${place}.access`),
    resource: {
      type: readType(reader, resource['type'], `${place}.resource.type`),
      id: reader.integer(resource['id'], `${place}.resource.id`),
    },
    after: reader.integer(read['after'], `${place}.after`),
    runs: reader.integer(read['runs'], `${place}.runs`, 0),
    hasBeenInPlace: reader.flag(read['hasBeenInPlace'], `${place}.hasBeenInPlace`),
    contestedSince: since === null ? null : readMoment(reader, since, `${place}.contestedSince`),
    triedAt: readMoment(reader, read['triedAt'], `${place}.triedAt`),
  };
}

function readType(reader: JsonReader, value: unknown, place: string): ResourceType {
  const text = reader.text(value, place) as ResourceType;
  const isKnown = isWritableType(text) || text === 'organization' || text === 'templates' || text.startsWith('other/');
  if (typeof value === 'string' && !isKnown) reader.report(place, 'is no type of resource');
  return text;
}

/** A moment as `instantText` writes it, and in no other spelling. */
function readMoment(reader: JsonReader, value: unknown, place: string): Instant {
  const text = reader.text(value, place);
  const at = Date.parse(text);
  if (!Number.isNaN(at) && instantText(at) === text) return at;
  if (typeof value === 'string') reader.report(place, 'must be a moment in UTC, such as 2026-11-24T04:00:00Z');
  return 0;
}
