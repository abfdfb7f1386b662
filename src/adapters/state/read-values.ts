import { isWritableType, type ResourceId, type ResourceType } from '../../core/domain/account/resource.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import type { JsonReader } from '../../core/domain/text/json-reader.ts';

/** Reads a hash in lower-case hex, of this shape. */
export function readMatch(reader: JsonReader, value: unknown, place: string, shape: RegExp): string {
  const text = reader.text(value, place);
  if (typeof value === 'string' && !shape.test(text)) reader.report(place, 'is no hash in lower-case hex');
  return text;
}

/** Reads the SHA-256 of a text of the policy. */
export function readSha256(reader: JsonReader, value: unknown, place: string): string {
  return readMatch(reader, value, place, /^[0-9a-f]{64}$/);
}

/** Reads a moment in the one spelling that `instantText` writes. */
export function readStateMoment(reader: JsonReader, value: unknown, place: string): Instant {
  const text = reader.text(value, place);
  const at = Date.parse(text);
  if (!Number.isNaN(at) && instantText(at) === text) return at;
  if (typeof value === 'string') reader.report(place, 'must be a moment in UTC, such as 2026-11-24T04:00:00Z');
  return 0;
}

/** A resource by its type and id. */
export function readStateResource(reader: JsonReader, value: unknown, place: string): ResourceId {
  const read = reader.object(value, place, ['type', 'id']);
  return {
    type: readType(reader, read['type'], `${place}.type`),
    id: reader.integer(read['id'], `${place}.id`),
  };
}

function readType(reader: JsonReader, value: unknown, place: string): ResourceType {
  const text = reader.text(value, place) as ResourceType;
  const isKnown = isWritableType(text) || text === 'organization' || text === 'templates' || text.startsWith('other/');
  if (typeof value === 'string' && !isKnown) reader.report(place, 'is no type of resource');
  return text;
}
