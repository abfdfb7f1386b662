/**
 * An object as every JSON output is laid out, in pieces: what `JSON.stringify` with two spaces makes of it, and a line break.
 * Its lists may be anything that can be iterated. They are read item by item, so a long one is never held as a whole.
 */
export function* jsonPieces(value: object): Iterable<string> {
  let before = '{';
  for (const [key, member] of Object.entries(value)) {
    if (member === undefined) continue;
    yield `${before}\n  ${JSON.stringify(key)}: `;
    if (isList(member)) yield* itemPieces(member);
    else yield indented(member, '  ');
    before = ',';
  }
  yield before === '{' ? '{}\n' : '\n}\n';
}

function isList(value: unknown): value is Iterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.iterator in value;
}

function* itemPieces(items: Iterable<unknown>): Iterable<string> {
  let before = '[';
  for (const item of items) {
    yield `${before}\n    ${indented(item, '    ')}`;
    before = ',';
  }
  yield before === '[' ? '[]' : '\n  ]';
}

/** Every line break of JSON is one of its layout: within a text it is escaped. */
function indented(value: unknown, indent: string): string {
  return JSON.stringify(value, null, 2).replaceAll('\n', `\n${indent}`);
}
