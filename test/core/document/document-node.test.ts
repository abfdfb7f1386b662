import { describe, expect, it } from 'vitest';
import { lastPlace, nodeAt, valueAt } from '../../../src/core/document/document-node.ts';
import { parse } from './parse.ts';

const { root } = parse('a:\n  - b: {c/d~e: 1}\n');
if (!root) throw new Error('a root');

describe('nodeAt', () => {
  it('follows a JSON pointer', () => {
    expect(nodeAt(root, '')).toBe(root);
    expect(nodeAt(root, '/a/0/b/c~1d~0e')).toMatchObject({ kind: 'scalar', value: 1 });
  });

  it.each(['/x', '/a/1', '/a/x', '/a/0/b/c~1d~0e/f', '/x/y'])('%s leads nowhere', (pointer) => {
    expect(nodeAt(root, pointer)).toBeUndefined();
  });
});

describe('lastPlace', () => {
  it.each([
    ['a: 1\nb: [2, 3]\n', '2:8'],
    ['a: 1\nb: []\n', '2:4'],
    ['a: 1\nb: {}\n', '2:4'],
  ])('%j', (text, place) => {
    const node = parse(text).root;
    const at = node && lastPlace(node);
    expect(at && `${at.line}:${at.column}`).toBe(place);
  });
});

describe('valueAt', () => {
  it('looks into maps only', () => {
    expect(valueAt(root, 'a')?.kind).toBe('list');
    expect(valueAt(valueAt(root, 'a'), 'b')).toBeUndefined();
    expect(valueAt(null, 'a')).toBeUndefined();
    expect(valueAt(undefined, 'a')).toBeUndefined();
  });
});
