import { expect } from 'vitest';
import { widthOf } from '../../../src/report/layout/width.ts';

/** The words of a text, without the backslashes that continue a command. */
export function wordsOf(text: string): readonly string[] {
  return text
    .replaceAll(' \\\n', '\n')
    .split(/[ \n]+/)
    .filter((word) => word !== '');
}

/** No line is wider than the output, unless it is a single word, or an item of a list that is one. */
export function expectFits(text: string, columns: number): void {
  const tooWide = text.split('\n').filter((line) => widthOf(line) > columns && /[^\s-] \S|- \S+ /.test(line));
  expect(tooWide).toEqual([]);
}
