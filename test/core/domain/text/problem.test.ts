import { describe, expect, test } from 'vitest';
import {
  errorAt,
  type Place,
  type Problem,
  placeText,
  sortProblems,
  warningAt,
} from '../../../../src/core/domain/text/problem.ts';
import type { ProblemCode } from '../../../../src/core/domain/text/problem-code.ts';

const place = (line: number, column = 1): Place => ({ file: 'policy.yaml', line, column, length: 2 });

test('an error makes input invalid, a warning does not', () => {
  const said = { code: 'yaml-tag', message: 'what', remedy: 'do', at: place(2) };
  expect(errorAt(place(2), 'yaml-tag', 'what', 'do')).toEqual({ ...said, severity: 'error' });
  expect(warningAt(place(2), 'yaml-tag', 'what', 'do')).toEqual({ ...said, severity: 'warning' });
});

test('a place has the form that editors make clickable', () => {
  expect(placeText(place(12, 3))).toBe('policy.yaml:12:3');
});

describe('problems are in the order of the text', () => {
  const problem = (line: number, column: number, code: ProblemCode, message: string): Problem =>
    errorAt(place(line, column), code, message, 'do');

  test.each([
    ['by line, as numbers', problem(9, 5, 'yaml-tag', 'b'), problem(10, 1, 'merge-key', 'a')],
    ['in a line by column', problem(9, 5, 'yaml-tag', 'b'), problem(9, 10, 'merge-key', 'a')],
    ['in one place by code', problem(9, 5, 'merge-key', 'b'), problem(9, 5, 'yaml-tag', 'a')],
    ['of one code by message', problem(9, 5, 'merge-key', 'a'), problem(9, 5, 'merge-key', 'b')],
  ])('%s', (_, first, second) => {
    expect(sortProblems([second, first])).toEqual([first, second]);
    expect(sortProblems([first, second])).toEqual([first, second]);
  });

  test('and the list that was given stays as it was', () => {
    const given = [problem(2, 1, 'yaml-tag', 'a'), problem(1, 1, 'yaml-tag', 'a')];
    sortProblems(given);
    expect(given.map(({ at }) => at.line)).toEqual([2, 1]);
  });
});
