import type { Json } from '../../core/domain/text/canonical-json.ts';
import { type JsonObject, JsonReader } from '../../core/domain/text/json-reader.ts';
import { AUDIT_VERSION, type AuditRecord, isUnedited } from './audit-record.ts';
import { BODY_KEYS, checkBody, checkHash, checkMoment, OPTIONAL_KEYS } from './read-body.ts';

/** Keys that every record has besides those of its kind. */
const HEAD_KEYS = ['version', 'seq', 'prev', 'hash', 'time', 'account', 'writer', 'open', 'kind'];

/** Far above the levels of any record. */
const LEVELS_MOST = 32;

const KINDS = ['intent', 'outcome', 'unknown', 'repaired'] as const;

/**
 * The record of a line without its line end, or why the line is not a record. A record proves that it was not edited. Only
 * the lines around it prove that it is in its place.
 */
export function readRecord(bytes: Uint8Array): { readonly record: AuditRecord } | { readonly fault: string } {
  const line = decodeUtf8(bytes);
  const parsed = line === null ? undefined : parse(line);
  if (line === null || typeof parsed !== 'object' || parsed === null || Array.isArray(parsed) || !isShallow(parsed)) {
    return { fault: 'it is no record: it was edited or damaged' };
  }
  const record = { ...parsed } as Readonly<Record<string, Json>>;
  if (!isUnedited(line, record)) return { fault: 'it was edited: its hash does not fit what it says' };
  if (record['version'] !== AUDIT_VERSION)
    return { fault: `its version is not ${AUDIT_VERSION}: another grantd wrote it` };
  const reader = new JsonReader();
  checkRecord(reader, record);
  const [problem] = reader.problems;
  return problem === undefined
    ? { record: record as unknown as AuditRecord }
    : { fault: `it is no record: ${problem}` };
}

function checkRecord(reader: JsonReader, record: JsonObject): void {
  const kind = reader.oneOf(record['kind'], 'kind', KINDS);
  const optional = (OPTIONAL_KEYS[kind] ?? []).filter((key) => Object.hasOwn(record, key));
  const read = reader.object(record, '', [...HEAD_KEYS, ...BODY_KEYS[kind], ...optional]);
  reader.integer(read['seq'], 'seq', 1);
  reader.integer(read['account'], 'account', 1);
  checkHash(reader, read['prev'], 'prev');
  checkMoment(reader, read['time'], 'time');
  reader.list(read['open'], 'open', (item, place) => reader.integer(item, place, 1));
  const writer = reader.object(read['writer'], 'writer', ['host', 'pid', 'id']);
  reader.text(writer['host'], 'writer.host');
  reader.text(writer['id'], 'writer.id');
  reader.integer(writer['pid'], 'writer.pid', 0);
  checkBody(reader, kind, read);
}

function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value nests no deeper than any record does. Code that visits a deeper value level by level would exhaust the stack. */
function isShallow(value: unknown, levels = LEVELS_MOST): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((item) => isShallow(item, levels - 1));
}
