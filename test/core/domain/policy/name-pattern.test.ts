import { describe, expect, test } from 'vitest';
import {
  isExact,
  matchesDomain,
  matchesName,
  patternsOverlap,
  toNamePattern,
} from '../../../../src/core/domain/policy/name-pattern.ts';

const matches = (pattern: string, name: string) => matchesName(toNamePattern(pattern), name);

describe('a name without a star', () => {
  test('fits itself alone', () => {
    expect(isExact(toNamePattern('Team [A]'))).toBe(true);
    expect(matches('Team', 'Team')).toBe(true);
    for (const other of ['team', 'Team ', ' Team', 'Tea', 'Teams', '']) expect(matches('Team', other)).toBe(false);
  });

  test('may be empty, and fits the empty name', () => {
    expect(matches('', '')).toBe(true);
    expect(matches('', 'a')).toBe(false);
  });
});

describe('a star fits any run of characters', () => {
  test.each([
    ['*', '', true],
    ['*', 'anything / at\nall', true],
    ['a*', 'a', true],
    ['a*', 'ba', false],
    ['*a', 'a', true],
    ['*a', 'ab', false],
    ['*a', 'aba', true],
    ['a*c', 'ac', true],
    ['a*c', 'abc', true],
    ['a*c', 'ab', false],
    ['a*a', 'a', false],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
    ['**', '', true],
    ['a**b', 'ab', true],
    ['*a*', 'bab', true],
    ['*a*', 'bcb', false],
    ['a*b*c', 'a-b-c', true],
    ['a*b*c', 'a-c-b', false],
    ['a*b*b', 'ab', false],
    ['a*b*b', 'abb', true],
    ['a*ab*b', 'ab', false],
    ['*ab*ab*', 'abab', true],
    ['*ab*ab*', 'aab', false],
    ['*ab*ab', 'abxab', true],
    ['*ab*ab', 'ab', false],
    ['x*b', 'ab', false],
    ['*xy*z', 'z', false],
    ['*xy*z', 'axyz', true],
  ])('%s and %j: %s', (pattern, name, fits) => {
    expect(isExact(toNamePattern(pattern))).toBe(false);
    expect(matches(pattern, name)).toBe(fits);
  });
});

describe('nothing else is special', () => {
  test.each(['[ab]', 'a.c', 'a\\c', 'a/c', 'a?c', '(a|c)', 'a+', '^a$', '{a}', '%', '_'])('%s', (text) => {
    expect(matches(text, text)).toBe(true);
    expect(matches(`${text}*`, `${text}!`)).toBe(true);
    expect(matches(`*${text}`, `!${text}`)).toBe(true);
    expect(matches(text, 'a')).toBe(false);
    expect(matches(`*${text}*`, 'abc')).toBe(false);
  });

  test('a backslash escapes no star', () => {
    expect(matches('a\\*', 'a\\bc')).toBe(true);
    expect(matches('a\\*', 'a*')).toBe(false);
  });
});

describe('spellings of one name', () => {
  test('are one in every Unicode normal form', () => {
    expect(matches('Caf\u00e9', 'Cafe\u0301')).toBe(true);
    expect(matches('Cafe\u0301', 'Caf\u00e9')).toBe(true);
    expect(matches('Cafe\u0301*', 'Caf\u00e9s')).toBe(true);
    expect(toNamePattern('Cafe\u0301*')).toEqual({ text: 'Caf\u00e9*', parts: ['Caf\u00e9', ''] });
  });

  test('mind case, unless they are domains', () => {
    expect(matches('A*', 'ab')).toBe(false);
    expect(matchesDomain(toNamePattern('*.EXAMPLE.com'), 'Mail.example.COM')).toBe(true);
    expect(matchesDomain(toNamePattern('mail.Example.com'), 'MAIL.example.com')).toBe(true);
    expect(matchesDomain(toNamePattern('mail.example.org'), 'mail.example.com')).toBe(false);
  });

  test('of domains fold A to Z only', () => {
    expect(matchesDomain(toNamePattern('\u0130*'), 'i.x')).toBe(false);
    expect(matchesDomain(toNamePattern('i.x'), '\u0130.x')).toBe(false);
    expect(matchesDomain(toNamePattern('\u00c9.x'), '\u00e9.x')).toBe(false);
  });
});

describe('two patterns overlap where some name fits both', () => {
  test.each([
    ['a', 'a', true],
    ['a', 'b', false],
    ['', '', true],
    ['', 'a', false],
    ['', '*', true],
    ['*', '*', true],
    ['*', 'anything', true],
    ['a*', '*b', true],
    ['a*', 'b*', false],
    ['*a', '*b', false],
    ['a*b', 'a', false],
    ['a*b', 'ab', true],
    ['a*b', '*c*', true],
    ['a*', 'a', true],
    ['ab*', 'a*c', true],
    ['ab', 'a*c', false],
    ['a*c', 'ab', false],
    ['*ab*', '*ba*', true],
    ['ab', 'abc', false],
    ['a*a', 'a', false],
    ['**', '', true],
    ['\u{1f600}*', '*\u{1f600}', true],
  ])('%s and %s: %s', (left, right, overlap) => {
    expect(patternsOverlap(toNamePattern(left), toNamePattern(right))).toBe(overlap);
    expect(patternsOverlap(toNamePattern(right), toNamePattern(left))).toBe(overlap);
  });
});

test('many stars on a long name take no time that grows out of hand', () => {
  const pattern = `${'a*'.repeat(200)}b`;
  expect(matches(pattern, 'a'.repeat(20_000))).toBe(false);
});
