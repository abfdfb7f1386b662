import { visibleText } from '../../core/domain/text/text.ts';
import type { LogFields, LogValue } from './fields.ts';

/** The longest line in bytes, its end included: readers of a container's output cut at 16 KiB. */
export const LINE_BYTES_MOST = 16 * 1024;

/** The rest is for level, time, event, message, and what a scrubber puts in place of secrets. */
const FIELDS_BYTES_MOST = LINE_BYTES_MOST - 1024;

/** How much of texts (in characters) and lists (in items) stays: the first of these with which a line fits. */
const BOUNDS: readonly { readonly text: number; readonly list: number }[] = [
  { text: 1000, list: 50 },
  { text: 300, list: 50 },
  { text: 200, list: 25 },
  { text: 200, list: 10 },
  { text: 100, list: 5 },
  { text: 50, list: 1 },
];

const DEPTH_MOST = 6;

/**
 * Makes fields fit for a line: without secrets, without characters that control a terminal, and short enough. A text that
 * was cut ends in an ellipsis. The count beside a list gives its original length.
 */
export function boundFields(fields: LogFields, scrub: (text: string) => string): LogFields {
  let bounded: LogFields = {};
  for (const bound of BOUNDS) {
    bounded = boundValue(fields, (text) => shorten(visibleText(scrub(text)), bound.text), bound.list, 0) as LogFields;
    if (Buffer.byteLength(JSON.stringify(bounded)) <= FIELDS_BYTES_MOST) return bounded;
  }
  return bounded;
}

function boundValue(value: LogValue, clean: (text: string) => string, listMost: number, depth: number): LogValue {
  if (typeof value === 'string') return clean(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEPTH_MOST) return null;
  if (Array.isArray(value)) {
    return value.slice(0, listMost).map((item: LogValue) => boundValue(item, clean, listMost, depth + 1));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, boundValue(inner, clean, listMost, depth + 1)]),
  );
}

function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
