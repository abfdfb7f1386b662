import { describe, expect, test } from 'vitest';
import { isEmailText, mixesScripts } from '../../../../src/core/domain/account/principal.ts';

describe('a policy can name', () => {
  test.each([
    'ann@example.com',
    'a@b',
    'ann.lee+ci@sub.example.co.uk',
    "o'neil@example.com",
    'jos\u00e9@example.com',
    'анна@пример.рф',
    // One script in each part.
    'anna@пример.com',
  ])('%s', (text) => {
    expect(isEmailText(text)).toBe(true);
  });
});

describe('a policy cannot name', () => {
  test.each([
    '',
    'ann',
    '@',
    '@example.com',
    'ann@',
    'ann@@example.com',
    'ann@example@com',
    '*@example.com',
    'ann@*',
    ...[...',;:<>()[]"`\\'].flatMap((character) => [`a${character}n@example.com`, `ann@exam${character}ple.com`]),
  ])('%s', (text) => {
    expect(isEmailText(text)).toBe(false);
  });

  test.each([
    ['a space', ' '],
    ['a line break', '\n'],
    ['a NUL', '\0'],
    ['a zero-width space', '\u200b'],
    ['a mark that reorders text', '\u202e'],
    ['a space that does not break', '\u00a0'],
    ['a letter that shows nothing', '\u3164'],
    ['a sign that chooses a form', '\ufe0f'],
    ['the Braille letter without dots', '\u2800'],
    ['an opening quote', '\u201c'],
    ['a closing quote', '\u201d'],
  ])('%s in any place of an address', (_, hidden) => {
    for (const text of [
      'Xann@example.com',
      'aXnn@example.com',
      'annX@example.com',
      'ann@eXample.com',
      'ann@example.comX',
    ])
      expect(isEmailText(text.replace('X', hidden))).toBe(false);
  });

  test('an address whose letters only look Latin', () => {
    expect(isEmailText('\u0430nn@example.com')).toBe(false);
  });
});

describe('two scripts in one part of an address', () => {
  test.each([
    ['a Cyrillic letter among Latin ones', '\u0430nn@example.com', true],
    ['a Greek letter among Latin ones', 'ann@ex\u03b1mple.com', true],
    ['a Latin letter among Cyrillic ones', 'ann@при\u006dер.рф', true],
    ['a Cyrillic name at a Latin domain', 'анна@example.com', false],
    ['a Cyrillic domain below a Latin ending', 'ann@пример.com', false],
    ['Cyrillic and Greek, which nobody takes for Latin', '\u03b1\u0430@example.com', false],
    ['Latin and Chinese, which do not look alike', 'ann李@example.com', false],
    ['digits and signs, which are of no script', 'анна1-2@example.com', false],
  ])('%s: %s %s', (_, text, isMixed) => {
    expect(mixesScripts(text)).toBe(isMixed);
  });
});
