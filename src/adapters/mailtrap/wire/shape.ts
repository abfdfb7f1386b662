/**
 * The parts of decoders. Each takes a parsed value apart, or throws a `WireMisfit` that says where it does not fit. Places
 * are put together only if something is wrong, because lists have up to a million rows.
 */
export class WireMisfit extends Error {
  readonly place: string;
  readonly reason: string;

  constructor(place: string, reason: string) {
    super(`${place === '' ? 'the body' : shortened(place)}: ${reason}`);
    this.name = 'WireMisfit';
    this.place = place;
    this.reason = reason;
  }
}

const PLACE_MAX = 120;

export type WireFields = Readonly<Record<string, unknown>>;

export function misfit(expected: string, value: unknown, place = ''): WireMisfit {
  return new WireMisfit(place, `expected ${expected}, got ${kindOf(value)}`);
}

/** The same misfit, seen from one level further out. */
function below(place: string, error: unknown): unknown {
  return error instanceof WireMisfit ? new WireMisfit(`${place}${error.place}`, error.reason) : error;
}

/** Decodes every item, or throws for the first that does not fit. */
export function decodeList<T>(value: unknown, decodeItem: (item: unknown) => T): readonly T[] {
  if (!Array.isArray(value)) throw misfit('a list', value);
  const items: T[] = [];
  try {
    for (const item of value) items.push(decodeItem(item));
  } catch (error) {
    throw below(`[${items.length}]`, error);
  }
  return items;
}

/** Decodes a record. A misfit says which record it is, because its place in the list helps nobody who looks for it. */
export function inRecord<T>(name: string, decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw error instanceof WireMisfit ? new WireMisfit(error.place, `${error.reason}, in ${name}`) : error;
  }
}

export function fieldsOf(value: unknown): WireFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misfit('an object', value);
  return value as WireFields;
}

/** Decodes the value of a key, and names the key if it does not fit. */
export function at<T>(fields: WireFields, key: string, decode: (value: unknown) => T): T {
  try {
    return decode(fields[key]);
  } catch (error) {
    throw below(`.${key}`, error);
  }
}

/** An id or a level. Beyond 2^53 two ids could read as one, so only safe integers fit. */
export function integerOf(value: unknown, place: string): number {
  if (!Number.isSafeInteger(value)) throw misfit('an integer', value, place);
  return value as number;
}

export function textOf(value: unknown, place: string): string {
  if (typeof value !== 'string') throw misfit('a string', value, place);
  return value;
}

/** A text that names someone or something, so it cannot be empty. */
export function wordOf(value: unknown, place: string): string {
  const text = textOf(value, place);
  if (text === '') throw new WireMisfit(place, 'expected a string, got an empty one');
  return text;
}

/** False if the flag is missing or null: a right counts only if the API states it. */
export function booleanOf(value: unknown, place: string): boolean {
  const flag = value ?? false;
  if (typeof flag !== 'boolean') throw misfit('a boolean', flag, place);
  return flag;
}

function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'number' && !Number.isInteger(value)) return 'a fraction';
  if (typeof value === 'number' && !Number.isSafeInteger(value)) return 'one beyond 2^53';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

/** A place so deep that it would hide the reason is shown by its two ends. */
function shortened(place: string): string {
  return place.length > PLACE_MAX ? `${place.slice(0, 40)}…${place.slice(40 - PLACE_MAX)}` : place;
}
