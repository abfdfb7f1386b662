import type { AccessRow } from '../../core/domain/account/actual-state.ts';
import {
  GIVEN_BACK_MOST,
  NO_PUTS,
  OPEN_CANARIES_MOST,
  type OpenCanary,
  PUT_PROOFS_MOST,
  type PutMemory,
  type PutProof,
  type PutReplaces,
  type RowLoser,
} from '../../core/domain/account/put-memory.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import { type JsonObject, JsonReader } from '../../core/domain/text/json-reader.ts';
import { readStateMoment, readStateResource } from './read-values.ts';

/** What a memory says of PUTs, as JSON. */
export function putsJson({ proofs, open }: PutMemory): unknown {
  return {
    proofs: proofs.map(({ api, kind, seenAt }) => ({ api, kind, seenAt: instantText(seenAt) })),
    open: open.map(({ written, unnamed, sentAt, ...canary }) => ({
      ...canary,
      sentAt: instantText(sentAt),
      written: written.map(rowJson),
      unnamed: unnamed.map(rowJson),
    })),
  };
}

/** Reads what `putsJson` wrote. A state of an earlier version has none. */
export function readPuts(reader: JsonReader, value: unknown): PutMemory {
  if (value === undefined) return NO_PUTS;
  const read = reader.object(value, 'puts', ['proofs', 'open']);
  const proofs = reader.list(read['proofs'], 'puts.proofs', (item, place) => readProof(reader, item, place));
  const open = reader.list(read['open'], 'puts.open', (item, place) => readCanary(reader, item, place));
  if (proofs.length > PUT_PROOFS_MOST) reader.report('puts.proofs', `has over ${PUT_PROOFS_MOST} items`);
  if (open.length > OPEN_CANARIES_MOST) reader.report('puts.open', `has over ${OPEN_CANARIES_MOST} items`);
  return { proofs, open };
}

/** The file that says that a PUT replaces rows. */
export function encodePutReplaces({ account, api, foundAt, runId, accesses, holders }: PutReplaces): string {
  const moment = foundAt === null ? null : instantText(foundAt);
  const found = { version: 1, account, api, foundAt: moment, runId, accesses, ...(holders && { holders }) };
  return `${JSON.stringify(found, null, 2)}\n`;
}

/** A file that cannot be read counts as well: it is there, so grantd wrote it, and no detail of it decides anything. */
export function decodePutReplaces(text: string, account: number): PutReplaces {
  const reader = new JsonReader();
  const found = readReplaces(reader, parse(text));
  return reader.problems.length === 0 ? found : { account, api: '', foundAt: null, runId: '', accesses: [] };
}

function readReplaces(reader: JsonReader, parsed: unknown): PutReplaces {
  const hasHolders = typeof parsed === 'object' && parsed !== null && 'holders' in parsed;
  const keys = ['version', 'account', 'api', 'foundAt', 'runId', 'accesses', ...(hasHolders ? ['holders'] : [])];
  const read = reader.object(parsed, '', keys);
  return {
    account: reader.integer(read['account'], 'account', 1),
    api: reader.text(read['api'], 'api'),
    foundAt: readStateMoment(reader, read['foundAt'], 'foundAt'),
    runId: reader.text(read['runId'], 'runId'),
    accesses: reader.list(read['accesses'], 'accesses', (item, place) => reader.integer(item, place)),
    ...(hasHolders && { holders: reader.list(read['holders'], 'holders', (item, at) => readLoser(reader, item, at)) }),
  };
}

function readLoser(reader: JsonReader, value: unknown, place: string): RowLoser {
  const read = reader.object(value, place, ['access', 'name', 'isBack']);
  return {
    access: reader.integer(read['access'], `${place}.access`),
    name: reader.text(read['name'], `${place}.name`),
    isBack: reader.flag(read['isBack'], `${place}.isBack`),
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function rowJson({ type, id, level }: AccessRow): unknown {
  return { type, id, level };
}

const KINDS = ['user', 'invite', 'token'] as const;

function readProof(reader: JsonReader, value: unknown, place: string): PutProof {
  const read = reader.object(value, place, ['api', 'kind', 'seenAt']);
  return {
    api: reader.text(read['api'], `${place}.api`),
    kind: reader.oneOf(read['kind'], `${place}.kind`, KINDS),
    seenAt: readStateMoment(reader, read['seenAt'], `${place}.seenAt`),
  };
}

const CANARY_KEYS = [
  'api',
  'runId',
  'planDigest',
  'access',
  'kind',
  'tokenId',
  'sentAt',
  'isAnswered',
  'written',
  'unnamed',
];

function readCanary(reader: JsonReader, value: unknown, place: string): OpenCanary {
  const read = reader.object(value, place, CANARY_KEYS);
  const { tokenId } = read;
  return {
    api: reader.text(read['api'], `${place}.api`),
    runId: reader.text(read['runId'], `${place}.runId`),
    planDigest: reader.text(read['planDigest'], `${place}.planDigest`),
    access: reader.integer(read['access'], `${place}.access`),
    kind: reader.oneOf(read['kind'], `${place}.kind`, KINDS),
    tokenId: tokenId === null ? null : reader.integer(tokenId, `${place}.tokenId`),
    sentAt: readStateMoment(reader, read['sentAt'], `${place}.sentAt`),
    isAnswered: reader.flag(read['isAnswered'], `${place}.isAnswered`),
    written: readRows(reader, read, place, 'written'),
    unnamed: readRows(reader, read, place, 'unnamed'),
  };
}

function readRows(reader: JsonReader, read: JsonObject, place: string, key: string): readonly AccessRow[] {
  const rows = reader.list(read[key], `${place}.${key}`, (item, at) => {
    const row = reader.object(item, at, ['type', 'id', 'level']);
    const level = reader.integer(row['level'], `${at}.level`, 0);
    return { ...readStateResource(reader, { type: row['type'], id: row['id'] }, at), level };
  });
  if (rows.length > GIVEN_BACK_MOST) reader.report(`${place}.${key}`, `has over ${GIVEN_BACK_MOST} items`);
  return rows;
}
