import { describe, expect, test } from 'vitest';
import { JsonReader } from '../../../../src/core/domain/text/json-reader.ts';

/** What was read, and every problem with it. */
function read<T>(ask: (reader: JsonReader) => T): { readonly value: T; readonly problems: readonly string[] } {
  const reader = new JsonReader();
  const value = ask(reader);
  return { value, problems: reader.problems };
}

const KEYS = ['a', 'b'];

describe('an object', () => {
  test('is read with exactly the keys that were asked for', () => {
    expect(read((reader) => reader.object({ a: 1, b: null }, 'at', KEYS))).toEqual({
      value: { a: 1, b: null },
      problems: [],
    });
  });

  test('lacks a key that it only inherits', () => {
    expect(read((reader) => reader.object(Object.create({ a: 1 }), 'at', ['a'])).problems).toEqual(['at: lacks a']);
  });

  test('reports every missing key and every unknown key', () => {
    expect(read((reader) => reader.object({ c: 1, 'd"': 2 }, 'at', KEYS)).problems).toEqual([
      'at: lacks a, b',
      'at: has an unknown key "c"',
      'at: has an unknown key "d\\""',
    ]);
  });

  test('may have others where they are left', () => {
    expect(read((reader) => reader.object({ a: 1, c: 1 }, 'at', KEYS, 'left'))).toEqual({
      value: { a: 1, c: 1 },
      problems: ['at: lacks b'],
    });
  });

  test.each([[null], [[1]], ['a'], [7], [true]])('%j is none, whatever it should have held', (other) => {
    expect(read((reader) => reader.object(other, 'at', KEYS))).toEqual({
      value: {},
      problems: ['at: must be an object'],
    });
  });
});

describe('a list', () => {
  test('is read item by item, each with its place', () => {
    expect(
      read((reader) => reader.list(['x', 'y'], 'at', (item, place) => `${reader.text(item, place)} ${place}`)),
    ).toEqual({ value: ['x at[0]', 'y at[1]'], problems: [] });
  });

  test.each([[null], [{ 0: 'x', length: 1 }], ['x']])('%j is none', (other) => {
    expect(read((reader) => reader.list(other, 'at', String))).toEqual({ value: [], problems: ['at: must be a list'] });
  });
});

describe('a text', () => {
  test('is any, the empty one too', () => {
    expect(read((reader) => [reader.text('x', 'at'), reader.text('', 'at')])).toEqual({
      value: ['x', ''],
      problems: [],
    });
  });

  test.each([[null], [1], [['x']]])('%j is none', (other) => {
    expect(read((reader) => reader.text(other, 'at'))).toEqual({ value: '', problems: ['at: must be a text'] });
  });
});

describe('a whole number', () => {
  test.each([0, -1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])('is %i', (number) => {
    expect(read((reader) => reader.integer(number, 'at'))).toEqual({ value: number, problems: [] });
  });

  test.each([[1.5], [2 ** 53], [Number.NaN], [Number.POSITIVE_INFINITY], ['1'], [null], [1n]])(
    'is not %s, and 0 is read on with',
    (other) => {
      expect(read((reader) => reader.integer(other, 'at'))).toEqual({
        value: 0,
        problems: ['at: must be a whole number from -9007199254740991 to 9007199254740991'],
      });
    },
  );

  test('may have a least, with which is read on where it is above 0', () => {
    expect(read((reader) => [reader.integer(5, 'at', 5), reader.integer(4, 'at', 5)])).toEqual({
      value: [5, 5],
      problems: ['at: must be a whole number from 5 to 9007199254740991'],
    });
    expect(read((reader) => reader.integer(-6, 'at', -5)).value).toBe(0);
  });
});

describe('a flag', () => {
  test('is true or false', () => {
    expect(read((reader) => [reader.flag(true, 'at'), reader.flag(false, 'at')])).toEqual({
      value: [true, false],
      problems: [],
    });
  });

  test.each([[null], ['true'], [1]])('is not %j', (other) => {
    expect(read((reader) => reader.flag(other, 'at'))).toEqual({
      value: false,
      problems: ['at: must be true or false'],
    });
  });
});

describe('one of several words', () => {
  test('is one of them', () => {
    expect(read((reader) => reader.oneOf('two', 'at', ['one', 'two']))).toEqual({ value: 'two', problems: [] });
  });

  test.each([['three'], [null], [['two']]])('is not %j, and the first is read on with', (other) => {
    expect(read((reader) => reader.oneOf(other, 'at', ['one', 'two']))).toEqual({
      value: 'one',
      problems: ['at: must be one of one, two'],
    });
  });
});

test('a missing value has no problem of its own, because its object reports the key', () => {
  const missing = read((reader) => [
    reader.object(undefined, 'at', KEYS),
    reader.list(undefined, 'at', String),
    reader.text(undefined, 'at'),
    reader.integer(undefined, 'at', 3),
    reader.flag(undefined, 'at'),
    reader.oneOf(undefined, 'at', ['one', 'two']),
  ]);
  expect(missing).toEqual({ value: [{}, [], '', 3, false, 'one'], problems: [] });
});

describe('a problem', () => {
  test('of the whole document says so', () => {
    expect(read((reader) => reader.list({}, '', String)).problems).toEqual(['it must be a list']);
  });

  test('repeats nothing of the document that acts on a terminal, and not much of it', () => {
    const [hidden, long = ''] = read((reader) => {
      reader.object({ '\u202e': 1 }, 'at', []);
      reader.report('at', 'x'.repeat(1000));
    }).problems;
    expect(hidden).toBe('at: has an unknown key "\\u{202e}"');
    expect(long).toBe(`at: ${'x'.repeat(296)}`);
  });

  test('lists up to a hundred problems, and counts the others', () => {
    const reader = new JsonReader();
    for (let index = 0; index < 100; index += 1) reader.report(`[${index}]`, 'is wrong');
    expect(reader.problems).toHaveLength(100);
    reader.report('[100]', 'is wrong');
    reader.report('[101]', 'is wrong');
    expect(reader.problems).toHaveLength(101);
    expect(reader.problems.slice(-2)).toEqual(['[99]: is wrong', 'and 2 more problems']);
  });
});
