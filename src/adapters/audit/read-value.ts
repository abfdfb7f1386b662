import { instantText } from '../../core/domain/text/instant.ts';
import type { JsonReader } from '../../core/domain/text/json-reader.ts';

export function readHash(reader: JsonReader, value: unknown, place: string): void {
  const text = reader.text(value, place);
  if (typeof value === 'string' && !/^[0-9a-f]{64}$/.test(text)) reader.report(place, 'is no SHA-256 in hex');
}

/** A moment as `instantText` writes it, and in no other spelling. */
export function readMoment(reader: JsonReader, value: unknown, place: string): void {
  const text = reader.text(value, place);
  const at = Date.parse(text);
  if (typeof value === 'string' && (Number.isNaN(at) || instantText(at) !== text)) {
    reader.report(place, 'must be a moment in UTC, such as 2026-11-24T04:00:00Z');
  }
}

/** Reads on unless it is null, which stands for nothing. */
export function orNull(value: unknown, read: (value: unknown) => void): void {
  if (value !== null) read(value);
}
