import { jsonPieces } from '../../src/report/layout/json.ts';

/** A text that comes in pieces, as it is printed. */
export function wholeText(pieces: Iterable<string>): string {
  return [...pieces].join('');
}

/** What a program reads from the JSON that is printed of a value. */
export function printedJson(value: object): unknown {
  return JSON.parse(wholeText(jsonPieces(value)));
}
