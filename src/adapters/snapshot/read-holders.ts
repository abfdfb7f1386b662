import type { AccessRow, AccountAccess, ApiToken } from '../../core/domain/account/actual-state.ts';
import type { Principal } from '../../core/domain/account/principal.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import type { JsonReader } from '../../core/domain/text/json-reader.ts';
import { readResourceId } from './read-tree.ts';

/** Reads one account access of a snapshot. */
export function readAccess(reader: JsonReader, value: unknown, place: string): AccountAccess {
  const read = reader.object(value, place, ['access', 'principal', 'canUpdate', 'isOwnToken', 'rows']);
  return {
    access: reader.integer(read['access'], `${place}.access`),
    principal: readPrincipal(reader, read['principal'], `${place}.principal`),
    rows: readRows(reader, read['rows'], `${place}.rows`),
    canUpdate: reader.flag(read['canUpdate'], `${place}.canUpdate`),
    isOwnToken: reader.flag(read['isOwnToken'], `${place}.isOwnToken`),
  };
}

/** Reads one API token of a snapshot. */
export function readApiToken(reader: JsonReader, value: unknown, place: string): ApiToken {
  const read = reader.object(value, place, ['tokenId', 'name', 'expiresAt', 'isOwnToken', 'rows']);
  const expires = read['expiresAt'];
  return {
    tokenId: reader.integer(read['tokenId'], `${place}.tokenId`),
    name: reader.text(read['name'], `${place}.name`),
    rows: readRows(reader, read['rows'], `${place}.rows`),
    expiresAt: expires === null ? null : readMoment(reader, expires, `${place}.expiresAt`),
    isOwnToken: reader.flag(read['isOwnToken'], `${place}.isOwnToken`),
  };
}

function readPrincipal(reader: JsonReader, value: unknown, place: string): Principal {
  if (value === undefined) return { kind: 'user', email: '' };
  const { kind: said } = reader.object(value, place, ['kind'], 'left');
  const kind = reader.oneOf(said, `${place}.kind`, ['user', 'invite', 'token']);
  if (kind === 'token') {
    const token = reader.object(value, place, ['kind', 'name', 'tokenId']);
    const name = reader.text(token['name'], `${place}.name`);
    return { kind, name, tokenId: reader.integer(token['tokenId'], `${place}.tokenId`) };
  }
  const person = reader.object(value, place, ['kind', 'email']);
  return { kind, email: reader.text(person['email'], `${place}.email`) };
}

function readRows(reader: JsonReader, value: unknown, place: string): readonly AccessRow[] {
  return reader.list(value, place, (item, at) => {
    const read = reader.object(item, at, ['type', 'id', 'level']);
    return { ...readResourceId(reader, read, at), level: reader.integer(read['level'], `${at}.level`) };
  });
}

/** Reads a moment in exactly the form that `instantText` writes. */
export function readMoment(reader: JsonReader, value: unknown, place: string): Instant {
  const text = reader.text(value, place);
  const at = Date.parse(text);
  if (!Number.isNaN(at) && instantText(at) === text) return at;
  if (typeof value === 'string') reader.report(place, 'must be a moment in UTC, for example 2026-11-24T04:00:00Z');
  return 0;
}
