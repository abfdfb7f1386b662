import { describe, expect, test } from 'vitest';
import { compareText, foldAscii, shellWord, visibleText } from '../../../../src/core/domain/text/text.ts';

describe('text of unknown origin', () => {
  test.each([
    ['an escape of a terminal', 'a\u001b[31mb', 'a\\u{1b}[31mb'],
    ['a line break', 'a\nb', 'a\\u{a}b'],
    ['a line separator', 'a\u2028b', 'a\\u{2028}b'],
    ['a paragraph separator', 'a\u2029b', 'a\\u{2029}b'],
    ['a mark that reorders what follows', 'a\u202eb', 'a\\u{202e}b'],
    ['an isolate', 'a\u2066b\u2069', 'a\\u{2066}b\\u{2069}'],
    ['a mark of direction', '\u200ea\u200f\u061c', '\\u{200e}a\\u{200f}\\u{61c}'],
    ['a letter of no width (case I20)', 'a\u200bb\u2060c\u3164d\u{e0041}', 'a\\u{200b}b\\u{2060}c\\u{3164}d\\u{e0041}'],
    ['a soft hyphen, and the Braille letter without dots', 'a\u00adb\u2800', 'a\\u{ad}b\\u{2800}'],
    ['a space that is not the plain one', 'a\u00a0b\u3000c', 'a\\u{a0}b\\u{3000}c'],
    ['half of a pair of surrogates', 'a\ud800', 'a\\u{d800}'],
    ['a joiner that joins no pictures', 'a\u200db \u{1f469}\u200d', 'a\\u{200d}b \u{1f469}\\u{200d}'],
    ['a sign that chooses a form, where there is none', 'a\ufe0f\u{1f469}\ufe0f', 'a\\u{fe0f}\u{1f469}\\u{fe0f}'],
    ['a byte order mark', '\ufeffa', '\\u{feff}a'],
  ])('shows %s', (_, text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  test('is as it was where nothing in it acts or hides', () => {
    expect(visibleText('Café "A/B" [x] 李 \u{1f600} \\u{1b}')).toBe('Café "A/B" [x] 李 \u{1f600} \\u{1b}');
  });

  test.each([
    '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
    '\u{1f469}\u{1f3fd}\u200d\u2764\ufe0f\u200d\u{1f468}',
    '\u2600\ufe0f',
  ])('keeps the picture %s whole', (picture) => {
    expect(visibleText(picture)).toBe(picture);
  });
});

test('A to Z fold, and no letter that only looks like them', () => {
  expect(foldAscii('ANN@Example.COM')).toBe('ann@example.com');
  expect(foldAscii('\u212a\u0130\u00c9')).toBe('\u212a\u0130\u00c9');
});

test('text is ordered by code units, whatever a locale says', () => {
  expect(['b', 'a', 'B', 'é', 'z', ''].sort(compareText)).toEqual(['', 'B', 'a', 'b', 'z', 'é']);
  expect(compareText('a', 'a')).toBe(0);
});

describe('a word for a shell', () => {
  test.each([
    ['policy.yaml', 'policy.yaml'],
    ['ann+ci@example.com', 'ann+ci@example.com'],
    ['/etc/a_b-c:1,2=%', '/etc/a_b-c:1,2=%'],
    ['', "''"],
    ['project:A B', "'project:A B'"],
    ['$(reboot)', "'$(reboot)'"],
    ['a;b', "'a;b'"],
    [';b', "';b'"],
    ["it's", "'it'\\''s'"],
    ['a\u001b[31m', "'a\\u{1b}[31m'"],
  ])('%j is %s', (word, quoted) => {
    expect(shellWord(word)).toBe(quoted);
  });
});
