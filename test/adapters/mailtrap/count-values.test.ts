import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countValues } from '../../../src/adapters/mailtrap/wire/count-values.ts';

/** The values of parsed JSON: each element, each entry, and the whole. */
function valuesIn(value: unknown): number {
  if (value === null || typeof value !== 'object') return 1;
  return Object.values(value).reduce((sum, inner) => sum + valuesIn(inner), 1);
}

test.each([
  ['[[],[],[]]', 3, true],
  ['[{},{},"[,{"]', 6, false],
  ['["\\\\",1]', 3, false],
  ['["\\",,,"]', 2, false],
  ['[[[[', 4, true],
])('%s has more than %i values: %s', (text, most, expected) => {
  expect(countValues(Buffer.from(text), most) > most).toBe(expected);
});

test('it counts every value, and each list or map at most once more', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const json = Buffer.from(JSON.stringify(value));
      const values = valuesIn(value);
      expect(countValues(json, values - 1)).toBe(values);
      expect(countValues(json, 2 * values)).toBeLessThanOrEqual(2 * values);
    }),
  );
});
