import { CHANGE_CAUSES } from '../../core/domain/plan/change-cause.ts';
import { instantText } from '../../core/domain/text/instant.ts';
import type { JsonObject, JsonReader } from '../../core/domain/text/json-reader.ts';
import type { RecordBody } from './audit-record.ts';

/** Keys of each kind of record, besides those of every record. */
export const BODY_KEYS = {
  intent: ['runId', 'access', 'principal', 'revision', 'planDigest', 'rows'],
  outcome: ['intent', 'runId', 'access', 'sent', 'status', 'requestId', 'error', 'mayHaveTakenEffect'],
  unknown: ['intent', 'runId', 'access'],
  repaired: ['file', 'bytes', 'sha256'],
} as const satisfies Record<RecordBody['kind'], readonly string[]>;

/** Keys that a record of a kind may lack: 0.1.0 did not write them. */
export const OPTIONAL_KEYS: Readonly<Partial<Record<RecordBody['kind'], readonly string[]>>> = {
  intent: ['approvals', 'unnamed', 'hints'],
};

/** Reports everything in which a body differs from a record of its kind. */
export function checkBody(reader: JsonReader, kind: RecordBody['kind'], read: JsonObject): void {
  if (kind === 'repaired') {
    reader.text(read['file'], 'file');
    reader.integer(read['bytes'], 'bytes', 0);
    checkHash(reader, read['sha256'], 'sha256');
    return;
  }
  reader.text(read['runId'], 'runId');
  reader.integer(read['access'], 'access');
  if (kind === 'intent') checkIntent(reader, read);
  else checkReference(reader, read['intent']);
  if (kind === 'outcome') checkOutcome(reader, read);
}

function checkReference(reader: JsonReader, value: unknown): void {
  const intent = reader.object(value, 'intent', ['seq', 'hash']);
  reader.integer(intent['seq'], 'intent.seq', 1);
  checkHash(reader, intent['hash'], 'intent.hash');
}

function checkOutcome(reader: JsonReader, read: JsonObject): void {
  reader.oneOf(read['sent'], 'sent', ['answered', 'failed']);
  reader.flag(read['mayHaveTakenEffect'], 'mayHaveTakenEffect');
  orNull(read['status'], (value) => reader.integer(value, 'status', 0));
  orNull(read['requestId'], (value) => reader.text(value, 'requestId'));
  orNull(read['error'], (value) => {
    const error = reader.object(value, 'error', ['code', 'message']);
    reader.text(error['code'], 'error.code');
    reader.text(error['message'], 'error.message');
  });
}

function checkIntent(reader: JsonReader, read: JsonObject): void {
  reader.text(read['planDigest'], 'planDigest');
  checkPrincipal(reader, read['principal']);
  orNull(read['revision'], (value) => {
    const revision = reader.object(value, 'revision', ['sha256', 'commit']);
    checkHash(reader, revision['sha256'], 'revision.sha256');
    orNull(revision['commit'], (commit) => reader.text(commit, 'revision.commit'));
  });
  reader.list(read['rows'], 'rows', (item, place) => checkRow(reader, item, place));
  reader.list(read['unnamed'], 'unnamed', (item, place) => {
    const row = reader.object(item, place, ['resource', 'level']);
    checkResource(reader, row['resource'], place);
    checkLevel(reader, row['level'], `${place}.level`);
  });
  reader.list(read['hints'], 'hints', (item, place) => reader.text(item, place));
  reader.list(read['approvals'], 'approvals', (item, place) => checkApproval(reader, item, place));
}

function checkApproval(reader: JsonReader, value: unknown, place: string): void {
  const { digest, by } = reader.object(value, place, ['digest', 'by']);
  const text = reader.text(digest, `${place}.digest`);
  if (!/^sha256:[0-9a-f]{64}$/.test(text)) reader.report(`${place}.digest`, 'is no digest');
  const { kind } = reader.object(by, `${place}.by`, ['kind'], 'left');
  if (reader.oneOf(kind, `${place}.by.kind`, ['policy', 'by-hand']) === 'by-hand') {
    const { user } = reader.object(by, `${place}.by`, ['kind', 'user']);
    orNull(user, (name) => reader.text(name, `${place}.by.user`));
    return;
  }
  const line = reader.object(by, `${place}.by`, ['kind', 'file', 'line', 'until']);
  checkLine(reader, line, `${place}.by`);
  checkMoment(reader, line['until'], `${place}.by.until`);
}

function checkPrincipal(reader: JsonReader, value: unknown): void {
  const { kind } = reader.object(value, 'principal', ['kind'], 'left');
  if (reader.oneOf(kind, 'principal.kind', ['user', 'invite', 'token']) === 'token') {
    const token = reader.object(value, 'principal', ['kind', 'name', 'tokenId']);
    reader.text(token['name'], 'principal.name');
    reader.integer(token['tokenId'], 'principal.tokenId');
  } else {
    const person = reader.object(value, 'principal', ['kind', 'email']);
    reader.text(person['email'], 'principal.email');
  }
}

const ROW_KEYS = ['kind', 'resource', 'before', 'after', 'why'];

function checkRow(reader: JsonReader, value: unknown, place: string): void {
  const hasCause = typeof value === 'object' && value !== null && Object.hasOwn(value, 'cause');
  const row = reader.object(value, place, [...ROW_KEYS, ...(hasCause ? ['cause'] : [])]);
  if (hasCause) reader.oneOf(row['cause'], `${place}.cause`, CHANGE_CAUSES);
  reader.oneOf(row['kind'], `${place}.kind`, ['create', 'raise', 'lower', 'remove']);
  checkResource(reader, row['resource'], place);
  checkLevel(reader, row['before'], `${place}.before`);
  checkLevel(reader, row['after'], `${place}.after`);
  reader.list(row['why'], `${place}.why`, (cause, at) => checkCause(reader, cause, at));
}

function checkResource(reader: JsonReader, value: unknown, place: string): void {
  const resource = reader.object(value, `${place}.resource`, ['type', 'id', 'label']);
  reader.text(resource['type'], `${place}.resource.type`);
  reader.integer(resource['id'], `${place}.resource.id`);
  reader.text(resource['label'], `${place}.resource.label`);
}

function checkLevel(reader: JsonReader, value: unknown, place: string): void {
  if (value === null) return;
  if (typeof value === 'number') reader.integer(value, place);
  else reader.oneOf(value, place, ['viewer', 'viewer+', 'admin', 'owner']);
}

const GRANT_KEYS = ['resource', 'level', 'role', 'groups', 'otherPaths', 'reason', 'until', 'endedBy'];

function checkCause(reader: JsonReader, value: unknown, place: string): void {
  const { kind: said } = reader.object(value, place, ['kind'], 'left');
  const kind = reader.oneOf(said, `${place}.kind`, [
    'grant',
    'ended',
    'not-granted',
    'unlisted',
    'offboarded',
    'stranger',
  ]);
  const own = kind === 'grant' || kind === 'ended' ? GRANT_KEYS : kind === 'not-granted' ? ['groups'] : [];
  const cause = reader.object(value, place, ['kind', 'file', 'line', ...own]);
  checkLine(reader, cause, place);
  if (own.length === 0) return;
  reader.list(cause['groups'], `${place}.groups`, (group, at) => checkNamed(reader, group, at));
  if (kind === 'not-granted') return;
  reader.text(cause['resource'], `${place}.resource`);
  reader.oneOf(cause['level'], `${place}.level`, ['viewer', 'admin']);
  reader.integer(cause['otherPaths'], `${place}.otherPaths`, 0);
  orNull(cause['reason'], (reason) => reader.text(reason, `${place}.reason`));
  orNull(cause['until'], (until) => checkMoment(reader, until, `${place}.until`));
  orNull(cause['role'], (role) => checkNamed(reader, role, `${place}.role`));
  orNull(cause['endedBy'], (line) =>
    checkLine(reader, reader.object(line, `${place}.endedBy`, ['file', 'line']), `${place}.endedBy`),
  );
}

function checkNamed(reader: JsonReader, value: unknown, place: string): void {
  const named = reader.object(value, place, ['name', 'file', 'line']);
  reader.text(named['name'], `${place}.name`);
  checkLine(reader, named, place);
}

function checkLine(reader: JsonReader, line: JsonObject, place: string): void {
  reader.text(line['file'], `${place}.file`);
  reader.integer(line['line'], `${place}.line`, 1);
}

/** Reports a value that is no SHA-256 in hex. */
export function checkHash(reader: JsonReader, value: unknown, place: string): void {
  const text = reader.text(value, place);
  if (typeof value === 'string' && !/^[0-9a-f]{64}$/.test(text)) reader.report(place, 'is no SHA-256 in hex');
}

/** Reports a value that is no moment in the one spelling that `instantText` writes. */
export function checkMoment(reader: JsonReader, value: unknown, place: string): void {
  const text = reader.text(value, place);
  const at = Date.parse(text);
  if (typeof value === 'string' && (Number.isNaN(at) || instantText(at) !== text)) {
    reader.report(place, 'must be a moment in UTC, such as 2026-11-24T04:00:00Z');
  }
}

/** Checks a value unless it is null. */
function orNull(value: unknown, read: (value: unknown) => void): void {
  if (value !== null) read(value);
}
