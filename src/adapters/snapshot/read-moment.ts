import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import type { JsonReader } from '../../core/domain/text/json-reader.ts';

/** A moment as `instantText` writes it, and in no other spelling. */
export function readMoment(reader: JsonReader, value: unknown, place: string): Instant {
  const text = reader.text(value, place);
  const at = Date.parse(text);
  if (!Number.isNaN(at) && instantText(at) === text) return at;
  if (typeof value === 'string') reader.report(place, 'must be a moment in UTC, such as 2026-11-24T04:00:00Z');
  return 0;
}
