import { describe, expect, it } from 'vitest';
import { didYouMean, nearest } from '../../../src/core/document/suggest.ts';

const KEYS = ['version', 'grants', 'groups', 'level', 'admin', 'qa'];

describe('nearest', () => {
  it.each([
    ['grant', 'grants'],
    ['Groups', 'groups'],
    ['leevl', 'level'],
    ['amdin', 'admin'],
    ['qaa', 'qa'],
    ['QA', 'qa'],
    ['q', null],
    ['colour', null],
    ['', null],
    ['x'.repeat(65), null],
  ])('%s: %s', (word, expected) => {
    expect(nearest(word, KEYS)).toBe(expected);
  });

  it('looks at two hundred candidates', () => {
    const many = Array.from({ length: 250 }, (_, index) => `candidate-${index}`);
    expect(nearest('candidate-199', many)).toBe('candidate-199');
    expect(nearest('other', [...Array(200).fill('x'), 'other'])).toBeNull();
  });
});

describe('didYouMean', () => {
  it('asks, or says what else to do', () => {
    expect(didYouMean('grant', KEYS, 'delete it')).toBe('did you mean grants?');
    expect(didYouMean('colour', KEYS, 'delete it')).toBe('delete it');
  });
});
