import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, textOf } from './repository.ts';

const SOURCES = foldersBelow('src');
const TESTS = foldersBelow('test');
/** Parts of the tests of one folder that are no folder of src: what they share, the API's contract, ways to deliver a file. */
const PARTS = /\/(?:support|contract|delivery)(?:\/|$)/;

describe('the tree of the tests', () => {
  it('mirrors src, or CONTRIBUTING.md says what a folder is for', () => {
    const rows = [...textOf('CONTRIBUTING.md').matchAll(/^\| `([a-z]+)` \| /gm)].map(([, name]) => `test/${name}`);
    const named = new Set([...rows, 'test/support', 'test/fixtures']);
    const unnamed = TESTS.filter((path) => path.split('/').length === 2).filter(
      (path) => !named.has(path) && !isMirror(path),
    );
    expect(unnamed).toEqual([]);
  });

  it('below a folder that mirrors one of src, so do the others', () => {
    const inner = TESTS.filter((path) => path.split('/').length > 2 && isMirror(topOf(path)) && !PARTS.test(path));
    expect(inner.length).toBeGreaterThan(20);
    expect(inner.filter((path) => !isMirror(path))).toEqual([]);
  });
});

function foldersBelow(path: string): readonly string[] {
  const folders = filesBelow(path).map((file) => dirname(file));
  const all = folders.flatMap((folder) =>
    folder.split('/').map((_, index, parts) => parts.slice(0, index + 1).join('/')),
  );
  return [...new Set(all)].filter((folder) => folder !== path);
}

function topOf(path: string): string {
  return path.split('/').slice(0, 2).join('/');
}

function isMirror(path: string): boolean {
  return SOURCES.includes(path.replace(/^test\//, 'src/'));
}
