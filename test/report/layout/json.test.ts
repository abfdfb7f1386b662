import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lazyList } from '../../../src/core/domain/answer/lazy-list.ts';
import { jsonPieces } from '../../../src/report/layout/json.ts';
import { wholeText } from '../../support/whole-text.ts';

test('the pieces of any object are what JSON.stringify makes of it', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()), (value) => {
      expect(wholeText(jsonPieces(value))).toBe(`${JSON.stringify(value, null, 2)}\n`);
    }),
  );
});

test('a list may be made while it is read, and what is undefined is left out', () => {
  const value = { none: [], left: undefined, some: lazyList([1, 2], (one) => ({ one, text: 'a\nb' })), null: null };
  const whole = { none: [], some: [1, 2].map((one) => ({ one, text: 'a\nb' })), null: null };
  expect(wholeText(jsonPieces(value))).toBe(`${JSON.stringify(whole, null, 2)}\n`);
  expect(wholeText(jsonPieces({}))).toBe('{}\n');
});
