import type { DocumentNode } from '../document/document-node.ts';
import type { WrittenInstant } from '../domain/text/instant.ts';
import type { PolicyReader } from './policy-reader.ts';

const DAY_MS = 86_400_000;

/** A year outside this range is a typing mistake. It would begin or end access at once. */
const FIRST_YEAR = 2000;
const LAST_YEAR = 2999;

const DATE = /^\d{4}-\d{2}-\d{2}/;
const TIME = /^(?:T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d))?$/;

/** `begin`: a bare date means its first moment. `end`: a bare date includes that day, so it means the start of the next one. */
export type DateSide = 'begin' | 'end';

/** Reads a date, or a moment in RFC 3339. Null if the key is absent, or if the value is neither (with a problem). */
export function readInstant(
  node: DocumentNode | undefined,
  side: DateSide,
  reader: PolicyReader,
): WrittenInstant | null {
  if (!node) return null;
  if (node.kind === 'scalar' && typeof node.value === 'number') {
    return reader.error(node.at, 'bad-date', `${node.source} is a number, not a date`, formatRemedy(node.source));
  }
  const scalar = reader.textOf(node);
  if (!scalar) return null;
  const { value: text, at } = scalar;
  const day = DATE.exec(text)?.[0];
  if (day === undefined || !TIME.test(text.slice(day.length))) {
    return reader.error(at, 'bad-date', `"${text}" is neither a date nor a moment with its offset`, formatRemedy(text));
  }
  const year = Number(day.slice(0, 4));
  if (!existsOnCalendar(day)) {
    return reader.error(at, 'bad-date', `${day} does not exist`, 'check the calendar; the month is the middle number');
  }
  if (year < FIRST_YEAR || year > LAST_YEAR) {
    const remedy = `write a year from ${FIRST_YEAR} to ${LAST_YEAR}`;
    return reader.error(at, 'bad-date', `the year ${year} is most likely a typing mistake`, remedy);
  }
  const isBareDate = day === text;
  return { at: Date.parse(text) + (isBareDate && side === 'end' ? DAY_MS : 0), text };
}

/** Whether the day exists. `Date.parse` turns 2026-02-30 into a day of March, so a real day is one that stays the same. */
function existsOnCalendar(day: string): boolean {
  const parsed = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(parsed) && new Date(parsed).toISOString().startsWith(day);
}

function formatRemedy(text: string): string {
  const offset = /^(.*[+-]\d{2})(\d{2})$/.exec(text);
  if (offset && text.includes('T')) return `write the offset with a colon: ${offset[1]}:${offset[2]}`;
  if (/^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?$/.test(text)) {
    const time = text.slice(11);
    return `write ${text.slice(0, 10)}T${time.length === 5 ? `${time}:00` : time}Z for UTC, or end it with an offset such as +02:00`;
  }
  return 'write a date such as 2026-12-31, or a moment such as 2026-12-31T18:00:00Z';
}
