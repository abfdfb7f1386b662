import { visibleText } from './text.ts';

/** The most problems of one document that are listed one by one. */
const PROBLEMS_MOST = 100;

/** The longest text of one problem. It may quote a key or a word of the document, but not much of it. */
const CHARACTERS_MOST = 300;

/** An object of a JSON document. */
export type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Reads a JSON document of unknown origin and collects every problem with its place (`accesses[2].rows[0].level`).
 * Each method always returns a value of its type. The caller reads everything, then checks `problems`.
 */
export class JsonReader {
  readonly #problems: string[] = [];
  #further = 0;

  get problems(): readonly string[] {
    return this.#further === 0 ? this.#problems : [...this.#problems, `and ${this.#further} more problems`];
  }

  /** `message` is the predicate of a sentence. Its subject is the place; the place '' is the whole document. */
  report(place: string, message: string): void {
    const text = visibleText(place === '' ? `it ${message}` : `${place}: ${message}`).slice(0, CHARACTERS_MOST);
    if (this.#problems.length < PROBLEMS_MOST) this.#problems.push(text);
    else this.#further += 1;
  }

  /** Reports missing keys and, unless `others` is `left`, unknown keys. */
  object(value: unknown, place: string, keys: readonly string[], others: 'refused' | 'left' = 'refused'): JsonObject {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      if (value !== undefined) this.report(place, 'must be an object');
      return {};
    }
    const missing = keys.filter((key) => !Object.hasOwn(value, key));
    if (missing.length > 0) this.report(place, `lacks ${missing.join(', ')}`);
    const unknown = others === 'refused' ? Object.keys(value).filter((key) => !keys.includes(key)) : [];
    for (const key of unknown) this.report(place, `has an unknown key ${JSON.stringify(key)}`);
    return { ...value };
  }

  list<T>(value: unknown, place: string, readItem: (item: unknown, place: string) => T): readonly T[] {
    if (Array.isArray(value)) return value.map((item: unknown, index) => readItem(item, `${place}[${index}]`));
    if (value !== undefined) this.report(place, 'must be a list');
    return [];
  }

  text(value: unknown, place: string): string {
    if (typeof value === 'string') return value;
    if (value !== undefined) this.report(place, 'must be a text');
    return '';
  }

  /** Reads a whole number that JavaScript represents exactly. */
  integer(value: unknown, place: string, least: number = Number.MIN_SAFE_INTEGER): number {
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
    if (value !== undefined) this.report(place, `must be a whole number from ${least} to ${Number.MAX_SAFE_INTEGER}`);
    return Math.max(least, 0);
  }

  flag(value: unknown, place: string): boolean {
    if (typeof value === 'boolean') return value;
    if (value !== undefined) this.report(place, 'must be true or false');
    return false;
  }

  oneOf<T extends string>(value: unknown, place: string, words: readonly [T, ...T[]]): T {
    const found = words.find((word) => word === value);
    if (found === undefined && value !== undefined) this.report(place, `must be one of ${words.join(', ')}`);
    return found ?? words[0];
  }
}
