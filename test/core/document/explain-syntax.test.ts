import { describe, expect, it } from 'vitest';
import { found, parse } from './parse.ts';

describe('a text that is not YAML', () => {
  it.each([
    ['a:\n\tb: 1\n', 'tab-indent 2:1+1'],
    ['a:\n\tb: 1\n  c: 2\n', 'tab-indent 2:1+1'],
    ['a:\n  - b: 1\n\tc: 2\n    d: 1\n', 'tab-indent 3:1+1'],
    ['a: fix: this\n', 'yaml-syntax 1:4+9'],
    ['a: b\n  c: d\n', 'yaml-syntax 2:3+4'],
    ['a: [b, c\nd: e\n', 'yaml-syntax 1:4+1'],
    ['a: {b: 1\nc: 2\n', 'yaml-syntax 1:4+1'],
    ['a: [b #1, c]\nd: e\n', 'hash-cuts-text 1:7+6'],
    ['a: [b # one\nd: e\n', 'yaml-syntax 1:4+1'],
    ['a: "b\nc: d\n', 'yaml-syntax 1:4+2'],
    ["a: 'b\n", 'yaml-syntax 1:4+2'],
    ["a: 'it's'\n", 'yaml-syntax 1:7+3'],
    ['a: "b" c\n', 'yaml-syntax 1:8+1'],
    ['a: @b\n', 'yaml-syntax 1:4+1'],
    ['a: "\\q"\n', 'yaml-syntax 1:5+2'],
    ['a: [b [c]]\n', 'yaml-syntax 1:7+1'],
    ['a: {b c: d: e}\n', 'yaml-syntax 1:10+1'],
    ['a: [b,, c]\n', 'yaml-syntax 1:7+1'],
    ['a: ]\n', 'yaml-syntax 1:4+1'],
    ['a: >90 days\n', 'yaml-syntax 1:4+8'],
    ['a: - b\n', 'yaml-syntax 1:4+3'],
    ['a: 1\nb:2\n', 'colon-needs-space 2:1+3'],
    ['a: 1\nb:2\nc: 3\n', 'colon-needs-space 2:1+3'],
    ['a: 1\nword\n', 'yaml-syntax 2:1+4'],
    ['a:\n  b: 1\n c: 2\n', 'yaml-syntax 3:2+4'],
    ['a:\n  - b\n - c\n', 'yaml-syntax 3:2+3'],
    ['a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n', 'yaml-syntax 2:1+12'],
    [`${'k'.repeat(1100)}: 1\n`, `yaml-syntax 1:1+1100`],
  ])('%j: %s', (text, expected) => {
    expect(found(text)).toEqual([expected]);
  });

  it('is reported line by line, at most ten times', () => {
    expect(found('a: @b\nc: @d\n')).toEqual(['yaml-syntax 1:4+1', 'yaml-syntax 2:4+1']);
    expect(found(Array.from({ length: 30 }, (_, index) => `k${index}: @b\n`).join(''))).toHaveLength(10);
  });

  it('has no data: all else would be guesswork', () => {
    expect(parse('a: @b\n').root).toBeNull();
  });

  it('is quoted where no case knows it', () => {
    const [problem] = parse(`${'k'.repeat(1100)}: 1\n`).problems.kept;
    expect(problem?.message).toMatch(/^this is not valid YAML: /);
  });
});
