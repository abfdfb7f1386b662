import { describe, expect, test } from 'vitest';
import { lookAlikeForm, oddVisible } from '../../../../src/core/domain/text/odd-characters.ts';

describe('a name for a remedy', () => {
  test.each([
    ['Checkout', 'Checkout'],
    ['Café & Größe 東京 😀', 'Café & Größe 東京 😀'],
    ['App\u00a0One', 'App\\u{a0}One'],
    ['Trail ', 'Trail\\u{20}'],
    [' Lead', '\\u{20}Lead'],
    ['Two  spaces', 'Two \\u{20}spaces'],
    ['a\u200bb\u2060c\u3164d', 'a\\u{200b}b\\u{2060}c\\u{3164}d'],
    ['tag\u{e0041}', 'tag\\u{e0041}'],
    ['line\nbreak\u2028', 'line\\u{a}break\\u{2028}'],
    ['', ''],
  ])('shows %j as %j', (text, shown) => {
    expect(oddVisible(text)).toBe(shown);
  });
});

describe('the form by which names look alike', () => {
  test.each([
    ['App One', 'App\u00a0One'],
    ['App One', ' app  one '],
    ['App One', 'App\u200b One'],
    ['ﬁle', 'file'],
    ['A\tB', 'a b'],
  ])('is the same for %j and %j', (one, other) => {
    expect(lookAlikeForm(one)).toBe(lookAlikeForm(other));
  });

  test('differs for different names', () => {
    expect(lookAlikeForm('AppOne')).not.toBe(lookAlikeForm('App One'));
  });
});
