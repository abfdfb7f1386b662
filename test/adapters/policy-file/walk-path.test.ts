import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join, parse } from 'node:path';
import { expect, test } from 'vitest';
import { type PathWalk, walkPath } from '../../../src/adapters/policy-file/walk-path.ts';
import { link, temporary, write } from './temporary.ts';

function placesOf({ places }: PathWalk, directory: string): readonly string[] {
  return places.flatMap((place) =>
    [...place.names].map((name) => join(place.directory, name).replace(`${directory}/`, '')),
  );
}

test('a plain file: its directory is the one place', async () => {
  const directory = temporary();
  write(join(directory, 'a/policy.yaml'), '');
  const walk = await walkPath(join(directory, 'a/policy.yaml'));
  expect(placesOf(walk, directory)).toEqual(['a/policy.yaml']);
  expect(walk).toMatchObject({ realPath: join(directory, 'a/policy.yaml'), linkTargets: [], isSpecial: false });
});

test('git-sync: the directory of the link, and that of the file in the worktree', async () => {
  const directory = temporary();
  write(join(directory, '.worktrees/abc/team/policy.yaml'), '');
  link(join(directory, 'current'), '.worktrees/abc');
  const walk = await walkPath(join(directory, 'current/team/policy.yaml'));
  expect(placesOf(walk, directory)).toEqual(['current', '.worktrees/abc/team/policy.yaml']);
  expect(walk.linkTargets).toEqual(['.worktrees/abc']);
  expect(walk.realPath).toBe(join(directory, '.worktrees/abc/team/policy.yaml'));
});

test('a ConfigMap: both links and the file', async () => {
  const directory = temporary();
  write(join(directory, '..2026/policy.yaml'), '');
  link(join(directory, '..data'), '..2026');
  link(join(directory, 'policy.yaml'), '..data/policy.yaml');
  const walk = await walkPath(join(directory, 'policy.yaml'));
  expect(placesOf(walk, directory)).toEqual(['policy.yaml', '..data', '..2026/policy.yaml']);
});

test('a link to an absolute path, and one through ..', async () => {
  const directory = temporary();
  write(join(directory, 'real/deep/policy.yaml'), '');
  link(join(directory, 'absolute'), join(directory, 'real/deep'));
  write(join(directory, 'real/other'), '');
  expect((await walkPath(join(directory, 'absolute/policy.yaml'))).realPath).toBe(
    join(directory, 'real/deep/policy.yaml'),
  );
  // Behind a link, `..` is the parent of where it leads.
  expect((await walkPath(`${directory}/absolute/../other`)).realPath).toBe(join(directory, 'real/other'));
});

test('where the way breaks off, the last directory that exists waits for the next name', async () => {
  const directory = temporary();
  expect(placesOf(await walkPath(join(directory, 'a/b/policy.yaml')), directory)).toEqual(['a']);
  mkdirSync(join(directory, 'a'));
  expect(placesOf(await walkPath(join(directory, 'a/b/policy.yaml')), directory)).toEqual(['a/b']);
  link(join(directory, 'a/b'), '../gone/away');
  const walk = await walkPath(join(directory, 'a/b/policy.yaml'));
  expect(placesOf(walk, directory)).toEqual(['a/b', 'gone']);
  expect(walk.realPath).toBeNull();
});

test('a file in the middle of the path, and links in a circle, break the way off', async () => {
  const directory = temporary();
  write(join(directory, 'file'), '');
  link(join(directory, 'one'), 'two');
  link(join(directory, 'two'), 'one');
  const blocked = await walkPath(join(directory, 'file/policy.yaml'));
  expect([blocked.realPath, placesOf(blocked, directory)]).toEqual([null, ['file']]);
  const circle = await walkPath(join(directory, 'one'));
  expect([circle.realPath, placesOf(circle, directory)]).toEqual([null, ['one', 'two']]);
});

test('says of a pipe that it is special, and of a directory that it is there', async () => {
  const directory = temporary();
  execFileSync('mkfifo', [join(directory, 'pipe')]);
  expect((await walkPath(join(directory, 'pipe'))).isSpecial).toBe(true);
  expect(await walkPath(`${directory}/`)).toMatchObject({ realPath: directory, isSpecial: false });
  const { root } = parse(directory);
  expect(await walkPath(root)).toMatchObject({ realPath: root, places: [] });
});

test('the way is another once a link or a directory is, the fingerprint also once the file is', async () => {
  const directory = temporary();
  const path = join(directory, 'current/policy.yaml');
  write(join(directory, 'one/policy.yaml'), 'a');
  write(join(directory, 'two/policy.yaml'), 'a');
  link(join(directory, 'current'), 'one');
  const first = await walkPath(path);
  expect(await walkPath(path)).toEqual(first);
  appendFileSync(path, 'b');
  const written = await walkPath(path);
  expect(written.way).toBe(first.way);
  expect(written.fingerprint).not.toBe(first.fingerprint);
  link(join(directory, 'current'), 'two');
  expect((await walkPath(path)).way).not.toBe(first.way);
});

test('a directory that is made again is another one, even with the same inode number', async () => {
  const directory = temporary();
  const path = join(directory, 'a/policy.yaml');
  write(path, 'a');
  const before = await walkPath(path);
  rmSync(join(directory, 'a'), { recursive: true });
  write(path, 'a');
  const after = await walkPath(path);
  expect(after.places[0]?.directory).toBe(before.places[0]?.directory);
  expect(after.places[0]?.identity).not.toBe(before.places[0]?.identity);
});
