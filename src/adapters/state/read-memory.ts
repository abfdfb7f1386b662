import {
  type AccountMemory,
  BEGUN_ROWS_MOST,
  CONTESTED_AFTER,
  emptyMemory,
  SUPERSEDED_MOST,
  WRITTEN_MOST,
  type WrittenChange,
} from '../../core/domain/account/account-memory.ts';
import { GUARD_RULES } from '../../core/domain/plan/plan.ts';
import type { BegunChange, BegunPart, TokenPair } from '../../core/domain/plan/restraints.ts';
import type { Revision } from '../../core/domain/policy/revision.ts';
import { type JsonObject, JsonReader } from '../../core/domain/text/json-reader.ts';
import { readAccessMemory } from './access-memory-json.ts';
import { readApprovals } from './approvals-json.ts';
import { readKnownEnds } from './known-ends-json.ts';
import { STATE_VERSION } from './memory-json.ts';
import { readPuts } from './put-memory-json.ts';
import { readMatch, readSha256, readStateMoment, readStateResource } from './read-values.ts';

/** The memory that `encodeMemory` wrote, or why the text is not one. */
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
  if (memory.account !== account) return { fault: `it is for account ${memory.account}` };
  return { memory };
}

/** Leaves out the parser's message, since it repeats a part of the text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const KEYS = ['version', 'account', 'policy', 'pausedSince', 'provenPairs', 'disprovenPairs', 'begun'];

/** Keys that an earlier grantd did not write, as if it remembered nothing. */
const LATER_KEYS: JsonObject = {
  superseded: [],
  spent: [],
  staying: [],
  knownEnds: [],
  remembered: undefined,
  puts: undefined,
};

function readWhole(reader: JsonReader, parsed: unknown): AccountMemory {
  const found = reader.object(parsed, '', KEYS, 'left');
  // 0.1.0 counted scheduled runs under `repeated`.
  const list = Object.hasOwn(found, 'repeated') && !Object.hasOwn(found, 'written') ? 'repeated' : 'written';
  const read: JsonObject = { ...LATER_KEYS, ...reader.object(parsed, '', [...KEYS, list], 'left') };
  const unknown = Object.keys(read).filter(
    (key) => !KEYS.includes(key) && !Object.hasOwn(LATER_KEYS, key) && key !== list,
  );
  for (const key of unknown) reader.report('', `has an unknown key ${JSON.stringify(key)}`);
  if (reader.problems.length > 0) return emptyMemory(0);
  const readWritten = list === 'repeated' ? readRepeated : readWrittenChange;
  const written = reader.list(read[list], list, (item, place) => readWritten(reader, item, place));
  if (written.length > WRITTEN_MOST) reader.report(list, `has over ${WRITTEN_MOST} items`);
  const begun = reader.list(read['begun'], 'begun', (item, place) => readBegun(reader, item, place));
  if (begun.reduce((sum, { changes }) => sum + changes.length, 0) > BEGUN_ROWS_MOST)
    reader.report('begun', `has over ${BEGUN_ROWS_MOST} rows`);
  const since = read['pausedSince'];
  const superseded = reader.list(read['superseded'], 'superseded', (item, place) =>
    readRevision(reader, reader.object(item, place, ['sha256', 'commit']), place),
  );
  if (superseded.length > SUPERSEDED_MOST) reader.report('superseded', `has over ${SUPERSEDED_MOST} items`);
  const readPairs = (key: string) => reader.list(read[key], key, (item, place) => readPair(reader, item, place));
  return {
    account: reader.integer(read['account'], 'account', 1),
    policy: read['policy'] === null ? null : readPolicy(reader, read['policy'], 'policy'),
    pausedSince: since === null ? null : readStateMoment(reader, since, 'pausedSince'),
    superseded,
    provenPairs: readPairs('provenPairs'),
    disprovenPairs: readPairs('disprovenPairs'),
    written: written.filter(({ writtenAt, contestedSince }) => writtenAt.length > 0 || contestedSince !== null),
    begun,
    ...readApprovals(reader, read, {
      digest: (value, place) => readMatch(reader, value, place, DIGEST),
      moment: (value, place) => readStateMoment(reader, value, place),
      resource: (value, place) => readStateResource(reader, value, place),
    }),
    knownEnds: readKnownEnds(reader, read['knownEnds'], 'knownEnds'),
    ...readAccessMemory(reader, read['remembered']),
    puts: readPuts(reader, read['puts']),
  };
}

function readPolicy(reader: JsonReader, value: unknown, place: string): AccountMemory['policy'] {
  const read = reader.object(value, place, ['sha256', 'commit', 'acceptedAt']);
  const revision = readRevision(reader, read, place);
  return { revision, acceptedAt: readStateMoment(reader, read['acceptedAt'], `${place}.acceptedAt`) };
}

function readRevision(reader: JsonReader, read: JsonObject, place: string): Revision {
  return {
    sha256: readSha256(reader, read['sha256'], `${place}.sha256`),
    commit: read['commit'] === null ? null : readMatch(reader, read['commit'], `${place}.commit`, COMMIT),
  };
}

const DIGEST = /^sha256:[0-9a-f]{64}$/;
const COMMIT = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;

function readPair(reader: JsonReader, value: unknown, place: string): TokenPair {
  const read = reader.object(value, place, ['access', 'tokenId']);
  return {
    access: reader.integer(read['access'], `${place}.access`),
    tokenId: reader.integer(read['tokenId'], `${place}.tokenId`),
  };
}

const WRITTEN_KEYS = ['access', 'resource', 'after', 'hasBeenInPlace', 'contestedSince', 'triedAt'];

function readWrittenChange(reader: JsonReader, value: unknown, place: string): WrittenChange {
  const read = reader.object(value, place, [...WRITTEN_KEYS, 'writtenAt']);
  const at = `${place}.writtenAt`;
  const writtenAt = reader.list(read['writtenAt'], at, (item, one) => readStateMoment(reader, item, one));
  if (writtenAt.length > CONTESTED_AFTER) reader.report(at, `has over ${CONTESTED_AFTER} items`);
  return { ...readTried(reader, read, place), writtenAt };
}

/** A change as 0.1.0 remembered it. Its runs are no writes, so only whether it is contested counts. */
function readRepeated(reader: JsonReader, value: unknown, place: string): WrittenChange {
  const read = reader.object(value, place, [...WRITTEN_KEYS, 'runs']);
  reader.integer(read['runs'], `${place}.runs`, 0);
  return { ...readTried(reader, read, place), writtenAt: [] };
}

function readTried(reader: JsonReader, read: JsonObject, place: string): Omit<WrittenChange, 'writtenAt'> {
  const since = read['contestedSince'];
  return {
    access: reader.integer(read['access'], `${place}.access`),
    resource: readStateResource(reader, read['resource'], `${place}.resource`),
    after: reader.integer(read['after'], `${place}.after`),
    hasBeenInPlace: reader.flag(read['hasBeenInPlace'], `${place}.hasBeenInPlace`),
    contestedSince: since === null ? null : readStateMoment(reader, since, `${place}.contestedSince`),
    triedAt: readStateMoment(reader, read['triedAt'], `${place}.triedAt`),
  };
}

function readBegun(reader: JsonReader, value: unknown, place: string): BegunPart {
  const read = reader.object(value, place, ['digest', 'rules', 'access', 'changes']);
  return {
    digest: readMatch(reader, read['digest'], `${place}.digest`, DIGEST),
    rules: reader.list(read['rules'], `${place}.rules`, (rule, at) => reader.oneOf(rule, at, GUARD_RULES)),
    access: reader.integer(read['access'], `${place}.access`),
    changes: reader.list(read['changes'], `${place}.changes`, (item, at) => readBound(reader, item, at)),
  };
}

function readBound(reader: JsonReader, value: unknown, place: string): BegunChange {
  const { isDone, ...read } = reader.object(value, place, ['resource', 'before', 'after'], 'left');
  const unknown = Object.keys(read).filter((key) => !['resource', 'before', 'after'].includes(key));
  for (const key of unknown) reader.report(place, `has an unknown key ${JSON.stringify(key)}`);
  return {
    resource: readStateResource(reader, read['resource'], `${place}.resource`),
    before: reader.integer(read['before'], `${place}.before`),
    after: reader.integer(read['after'], `${place}.after`),
    ...(isDone === undefined ? {} : { isDone: reader.flag(isDone, `${place}.isDone`) }),
  };
}
