import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../../src/core/document/compile-schema.ts';
import { parse } from './parse.ts';

const text = { type: 'string', description: 'A text.' };
const SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['name'],
  properties: {
    name: text,
    count: { type: 'integer', minimum: 1, maximum: 9 },
    share: { type: 'number' },
    level: { type: 'string', enum: ['viewer', 'admin'] },
    version: { type: 'integer', const: 1 },
    on: { type: 'boolean' },
    nothing: { type: 'null' },
    list: { type: 'array', minItems: 1, maxItems: 2, uniqueItems: true, items: text },
    short: { type: 'string', minLength: 2, maxLength: 3 },
    address: { type: 'string', format: 'uri' },
    code: { type: 'string', pattern: '^x', description: 'It begins with x.' },
    map: {
      type: 'object',
      minProperties: 1,
      maxProperties: 2,
      propertyNames: { pattern: '^[a-z/]+$' },
      additionalProperties: { type: 'integer' },
    },
    either: { type: ['string', 'array'], items: text },
    free: { type: 'object', additionalProperties: false },
    entry: JSON.parse(`{
      "type": "object",
      "additionalProperties": false,
      "properties": { "who": true, "what": true, "role": true },
      "if": { "required": ["role"] },
      "then": { "properties": { "what": false } },
      "else": { "required": ["what"] }
    }`),
    other: { oneOf: [{ type: 'string' }, { type: 'integer' }] },
    one: { anyOf: [{ type: 'string' }, { type: 'integer' }] },
  },
};
const check = compileSchema(SCHEMA);

function problemsOf(yaml: string) {
  const { root, problems } = parse(yaml);
  if (!root) throw new Error(JSON.stringify(problems));
  return check(root);
}

/** `code line:column message: remedy` of each problem of a map that has a name. */
function said(yaml: string): readonly string[] {
  return problemsOf(`name: x\n${yaml}\n`).map(
    ({ code, at, message, remedy }) => `${code} ${at.line}:${at.column} ${message} (${remedy})`,
  );
}

describe('compileSchema', () => {
  it('finds nothing in what fits', () => {
    expect(said('count: 3\nlist: [a, b]\nmap: {a/b: 1}\nentry: {who: a, role: b}')).toEqual([]);
  });

  it('throws for what is no schema', () => {
    expect(() => compileSchema({ type: 'nonsense' })).toThrow();
    expect(() => compileSchema({ tpye: 'object' })).toThrow();
  });

  it.each([
    ['count: 0', 'over-limit 2:8 count must be at least 1 (write 1, or a larger number)'],
    ['count: 10', 'over-limit 2:8 count must be at most 9 (write 9, or a smaller number)'],
    ['count: 1.5', 'wrong-type 2:8 count must be a whole number, not the number 1.5 (write a whole number)'],
    ['count: "3"', 'wrong-type 2:8 count must be a whole number, not the text "3" (delete the quotes)'],
    ['share: "3"', 'wrong-type 2:8 share must be a number, not the text "3" (delete the quotes)'],
    ['count: x', 'wrong-type 2:8 count must be a whole number, not the text x (write a whole number)'],
    ['count: {}', 'wrong-type 2:8 count must be a whole number, not a map of keys and values (write a whole number)'],
    ['count: true', 'wrong-type 2:8 count must be a whole number, not true (write a whole number)'],
    ['count:', 'wrong-type 2:1 count is empty; it must be a whole number (fill it in, or delete the key)'],
    ['nothing: 1', 'wrong-type 2:10 nothing must be empty, not the number 1 (write empty)'],
    ['on: yes', 'wrong-type 2:5 on must be true or false, not the text yes (write true or false)'],
    ['on: "true"', 'wrong-type 2:5 on must be true or false, not the text "true" (delete the quotes)'],
    ['on: []', 'wrong-type 2:5 on must be true or false, not a list (write true or false)'],
    [
      `list: ${'x'.repeat(50)}`,
      `wrong-type 2:7 list must be a list, not the text ${'x'.repeat(40)}… (write a list: put - and a space before each item)`,
    ],
    ['level: amdin', 'bad-value 2:8 level must be one of viewer, admin, not amdin (did you mean admin?)'],
    ['level: "Viewer"', 'bad-value 2:8 level must be one of viewer, admin, not "Viewer" (did you mean viewer?)'],
    ['level: none', 'bad-value 2:8 level must be one of viewer, admin, not none (write one of viewer, admin)'],
    ['level: 5', 'bad-value 2:8 level must be one of viewer, admin, not 5 (write one of viewer, admin)'],
    ['level: [a]', 'bad-value 2:8 level must be one of viewer, admin, not this (write one of viewer, admin)'],
    ['level:', 'wrong-type 2:1 level is empty; it must be a text (fill it in, or delete the key)'],
    ['version: 2', 'bad-value 2:10 version must be 1, not 2 (write 1)'],
    ['version: "1"', 'wrong-type 2:10 version must be a whole number, not the text "1" (delete the quotes)'],
    ['list: []', 'over-limit 2:7 list needs at least 1 item (fill it in, or delete the key)'],
    ['list: [a, b, c]', 'over-limit 2:7 list has 3 items; at most 2 are allowed (make it shorter, or split it)'],
    [
      'list: [a, a]',
      'bad-value 2:7 list must NOT have duplicate items (items ## 1 and 0 are identical) (compare it with the documentation)',
    ],
    ['short: x', 'over-limit 2:8 short needs at least 2 characters (fill it in, or delete the key)'],
    ['short: 🚀🚀🚀🚀', 'over-limit 2:8 short has 4 characters; at most 3 are allowed (make it shorter, or split it)'],
    ['map: {}', 'over-limit 2:6 map needs at least 1 key (fill it in, or delete the key)'],
    ['map: {a: 1, b: 2, c: 3}', 'over-limit 2:6 map has 3 keys; at most 2 are allowed (make it shorter, or split it)'],
    ['map: {A: 1}', 'bad-value 2:7 `A` is not a valid name (use letters, digits, dots, dashes and underscores)'],
    ['map: {a/b: x}', 'wrong-type 2:12 map.a/b must be a whole number, not the text x (write a whole number)'],
    ['address: x y', 'bad-value 2:10 address must match format "uri" (compare it with the documentation)'],
    ['code: y', 'bad-value 2:7 code does not have the required form (It begins with x.)'],
    ['free: {a: 1}', 'unknown-key 2:8 free has no key `a` (delete it)'],
    ['leevl: viewer', 'unknown-key 2:1 the file has no key `leevl` (did you mean level?)'],
    [
      'entry: {who: a, role: b, what: c}',
      'unknown-key 2:26 `what` cannot be combined with the other keys here (delete it, or delete the other keys)',
    ],
    ['entry: {who: a}', 'missing-key 2:8 entry has no `what` (add `what:`)'],
    ['entry: {who: a, waht: b}', 'unknown-key 2:17 entry has no key `waht` (did you mean what?)'],
    [
      'entry: {who: a, what:b}',
      'colon-needs-space 2:17 no space follows the colon, so YAML reads `what:b` as a key without a value (write what: b)',
    ],
    [
      'entry: {what: a, b}',
      'comma-splits-text 2:18 the comma before `b` ends a value, so YAML reads `b` as a key (if the comma belongs to the text, quote the whole text; otherwise give the key a value)',
    ],
    ['entry: {b, what: a}', 'unknown-key 2:9 entry has no key `b` (the keys are who, what, role)'],
    ['entry: {what: a, "b"}', 'unknown-key 2:18 entry has no key `b` (the keys are who, what, role)'],
    ['entry:\n  what: a\n  b:', 'unknown-key 4:3 entry has no key `b` (the keys are who, what, role)'],
    [
      'entry: what:a',
      'colon-needs-space 2:8 no space follows the colon, so YAML reads what:a as a text, not as a key with a value (write what: a)',
    ],
    [
      'entry: waht:a',
      'wrong-type 2:8 entry must be a map of keys and values, not the text waht:a (write a map: put key: value on each line, without - before it)',
    ],
    [
      'entry: "what:a"',
      'wrong-type 2:8 entry must be a map of keys and values, not the text "what:a" (write a map: put key: value on each line, without - before it)',
    ],
    ['either: 5', 'unquoted-text 2:9 either must be a text, but YAML reads 5 as the number 5 (quote it: "5")'],
    [
      'either: ~',
      'unquoted-text 2:9 either must be a text, but YAML reads ~ as nothing (fill it in; if it is meant as text, quote it: "~")',
    ],
    [
      'either: #5',
      'hash-empties-value 2:9 either is empty, because everything from # on is a comment (quote it: "#5")',
    ],
    ['either: # five', 'wrong-type 2:1 either is empty; it must be a text or a list (fill it in, or delete the key)'],
    [
      'either: {a: b}',
      'space-after-colon 2:9 either must be a text, but the space after the colon makes it a map (delete the space and quote it: "a:b")',
    ],
    [
      'either: {a: }',
      'space-after-colon 2:9 either must be a text, but the space after the colon makes it a map (delete the space and quote it: "a:")',
    ],
    [
      'either: {a: b, c: d}',
      'wrong-type 2:9 either must be a text or a list, not a map of keys and values (write a text or a list)',
    ],
    [
      'either: {a: [b]}',
      'wrong-type 2:9 either must be a text or a list, not a map of keys and values (write a text or a list)',
    ],
    [
      'either: {"a": b}',
      'wrong-type 2:9 either must be a text or a list, not a map of keys and values (write a text or a list)',
    ],
    ['either: [a, [b]]', 'wrong-type 2:13 item 2 of either must be a text, not a list (write a text)'],
    ['list: [[a]]', 'wrong-type 2:8 item 1 of list must be a text, not a list (write a text)'],
    ['short: [a"b]', `unquoted-text 2:8 short must be a text, but YAML reads [a"b] as a list (quote it: "[a'b]")`],
    ['short:\n  - a', 'wrong-type 3:3 short must be a text, not a list (write a text)'],
  ])('%j: %s', (yaml, expected) => {
    expect(said(yaml)).toEqual([expected]);
  });

  it('reports a missing key of the whole file, unless a misspelled key explains it', () => {
    expect(problemsOf('count: 1\n').map(({ message, remedy }) => [message, remedy])).toEqual([
      ['the file has no `name`', 'add `name:`; if the file is cut off, restore its end'],
    ]);
    expect(problemsOf('nmae: x\n').map(({ code }) => code)).toEqual(['unknown-key']);
    expect(problemsOf('- a\n').map(({ message }) => message)).toEqual([
      'the file must be a map of keys and values, not a list',
    ]);
  });

  it('repeats every branch that failed, and not that all did', () => {
    for (const key of ['one', 'other']) {
      expect(said(`${key}: true`).map((one) => one.split(' ')[0])).toEqual(['unquoted-text', 'wrong-type']);
    }
  });

  it('says nothing of a part that has a problem already', () => {
    expect(said('count: 007\nlevel: *x\n')).toEqual([]);
  });

  it('reports at most a thousand problems', () => {
    const many = Array.from({ length: 1500 }, (_, index) => `k${index}: 1`).join('\n');
    expect(said(many)).toHaveLength(1000);
  });
});
