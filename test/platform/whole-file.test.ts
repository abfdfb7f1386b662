import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { removeLeftovers, writeWholeFile } from '../../src/platform/whole-file.ts';
import { skippedFor, whyNotAsRoot } from '../support/skipped-for.ts';

let dir: string;
let path: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'grantd-whole-file-'));
  path = join(dir, 'file.json');
});

afterEach(() => rmSync(dir, { recursive: true, force: true }));

const LASTING = { syncsDirectory: true };

describe('a file that is written whole', () => {
  it('has the new data, replaces the old file, and leaves nothing beside it', async () => {
    await writeWholeFile(path, 'old', LASTING);
    const { ino } = statSync(path);
    await writeWholeFile(path, Buffer.from('new'), { syncsDirectory: false });
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).ino).not.toBe(ino);
    expect(readdirSync(dir)).toEqual(['file.json']);
  });

  it('can be read by its owner only, whatever mode the old file had', async () => {
    writeFileSync(path, 'old', { mode: 0o644 });
    await writeWholeFile(path, 'new', LASTING);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('has the mode that is asked for, whatever the umask is', async () => {
    const umask = process.umask(0o077);
    try {
      await writeWholeFile(path, 'new', { ...LASTING, mode: 0o644 });
    } finally {
      process.umask(umask);
    }
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });

  it('replaces a link, and leaves what the link points to alone', async () => {
    const target = join(dir, 'target');
    writeFileSync(target, 'of someone else');
    symlinkSync(target, path);
    await writeWholeFile(path, 'new', LASTING);
    expect(lstatSync(path).isSymbolicLink()).toBe(false);
    expect(readFileSync(target, 'utf8')).toBe('of someone else');
  });

  it('is never written through what was prepared under the temporary name', async () => {
    const target = join(dir, 'target');
    const temporary = join(dir, 'file.json.tmp');
    symlinkSync(target, temporary);
    await expect(writeWholeFile(path, 'new', { ...LASTING, temporary })).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readdirSync(dir)).toEqual([]);
  });

  it('leaves nothing behind if it cannot take its place', async () => {
    mkdirSync(join(path, 'below'), { recursive: true });
    await expect(writeWholeFile(path, 'new', LASTING)).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
    expect(readdirSync(dir)).toEqual(['file.json']);
  });

  it('needs no right to read the directory unless the directory is synced', skippedFor(whyNotAsRoot), async () => {
    chmodSync(dir, 0o300);
    try {
      await writeWholeFile(path, 'new', { syncsDirectory: false });
      await expect(writeWholeFile(path, 'new', LASTING)).rejects.toMatchObject({ code: 'EACCES' });
    } finally {
      chmodSync(dir, 0o700);
    }
  });
});

it('leftovers of killed writers of this file go, and every other file stays', async () => {
  const others = ['.file.json.keep', '.other.json.1.tmp', 'file.json', 'file.json.tmp'];
  for (const name of [...others, '.file.json.1.tmp', '.file.json.2.tmp']) writeFileSync(join(dir, name), '');
  await removeLeftovers(path);
  expect(readdirSync(dir).sort()).toEqual([...others].sort());
  await removeLeftovers(join(dir, 'missing', 'file.json'));
});
