import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeNewFile, writeOutputFile } from '../../src/cli/process/write-output-file.ts';
import { afterAnyPowerCut, recordDisk, told } from '../support/recorded-disk.ts';
import { workplace } from '../support/workplace.ts';

test('is written completely, for its owner only, and leaves no other file', async () => {
  const cwd = workplace();
  await writeOutputFile(cwd, 'plan.json', 'text');
  expect(readFileSync(join(cwd, 'plan.json'), 'utf8')).toBe('text');
  expect(statSync(join(cwd, 'plan.json')).mode & 0o777).toBe(0o600);
  expect(readdirSync(cwd)).toEqual(['plan.json']);
});

test('replaces an older one, without its wider permissions', async () => {
  const cwd = workplace({ 'plan.json': 'old' });
  chmodSync(join(cwd, 'plan.json'), 0o644);
  await writeOutputFile(cwd, 'plan.json', 'new');
  expect(readFileSync(join(cwd, 'plan.json'), 'utf8')).toBe('new');
  expect(statSync(join(cwd, 'plan.json')).mode & 0o777).toBe(0o600);
});

test('does not replace anything but an ordinary file', async () => {
  const cwd = workplace({ target: 'untouched' });
  symlinkSync('target', join(cwd, 'link'));
  mkdirSync(join(cwd, 'directory'));
  for (const name of ['link', 'directory', '/dev/null']) {
    await expect(writeOutputFile(cwd, name, 'text'), name).rejects.toMatchObject({ code: 'file-unwritable' });
  }
  expect(readFileSync(join(cwd, 'target'), 'utf8')).toBe('untouched');
  expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  expect(readdirSync(cwd).sort()).toEqual(['directory', 'link', 'target']);
});

test('says why it cannot be written', async () => {
  const cwd = workplace();
  writeFileSync(join(cwd, 'file'), '');
  await expect(writeOutputFile(cwd, 'gone/plan.json', '')).rejects.toMatchObject({
    code: 'file-unwritable',
    message: 'gone/plan.json cannot be written: its directory does not exist',
  });
  await expect(writeOutputFile(cwd, 'file/plan.json', '')).rejects.toMatchObject({ code: 'file-unwritable' });
  await expect(writeOutputFile(cwd, 'n'.repeat(300), '')).rejects.toMatchObject({ code: 'file-unwritable' });
});

test('is the old one or the new one after a power cut at any moment', async () => {
  const cwd = workplace({ 'plan.json': 'old' });
  const recorded = await recordDisk(cwd, () => writeOutputFile(cwd, 'plan.json', 'new'));
  const found = afterAnyPowerCut(recorded).map((left) => left.get(join(cwd, 'plan.json'))?.toString());
  expect([...new Set(found)].sort()).toEqual(['new', 'old']);
});

test('a new policy is on the disk with all of its text', async () => {
  const cwd = workplace();
  const recorded = await recordDisk(cwd, () => writeNewFile(cwd, 'policy.yaml', 'version: 1\n'));
  expect(told(recorded, cwd)).toEqual(['create policy.yaml', 'write policy.yaml', 'sync policy.yaml']);
});
