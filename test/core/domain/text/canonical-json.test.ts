import { expect, test } from 'vitest';
import { canonicalJson, type Json } from '../../../../src/core/domain/text/canonical-json.ts';

test.each<[fact: string, value: Json, text: string]>([
  ['a scalar', null, 'null'],
  ['a boolean', true, 'true'],
  ['a number', -1.5, '-1.5'],
  ['a text', 'a"\n\u00e9', '"a\\"\\n\u00e9"'],
  ['a list, in its order', [3, 'b', [null]], '[3,"b",[null]]'],
  ['an empty list and an empty object', [[], {}], '[[],{}]'],
  ['an object, by its keys', { b: 1, a: { d: [], c: '' } }, '{"a":{"c":"","d":[]},"b":1}'],
  ['keys by code unit, capitals first', { a: 1, B: 2, 'a b': 3, '': 4 }, '{"":4,"B":2,"a":1,"a b":3}'],
  ['a key that needs quotes', { 'a"': 1 }, '{"a\\"":1}'],
])('%s', (_, value, text) => {
  expect(canonicalJson(value)).toBe(text);
});

test('says what JSON says', () => {
  const value = { z: [1, { y: null }], a: 'x' };
  expect(JSON.parse(canonicalJson(value))).toEqual(value);
});
