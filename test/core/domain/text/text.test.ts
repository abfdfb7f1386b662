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
    ['a byte order mark', '\ufeffa', '\\u{feff}a'],
  ])('shows %s', (_, text, shown) => {
    expect(visibleText(text)).toBe(shown);
  });

  test('is as it was where nothing in it acts or hides', () => {
    expect(visibleText('Café "A/B" [x] 李 \u{1f600} \\u{1b}')).toBe('Café "A/B" [x] 李 \u{1f600} \\u{1b}');
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
