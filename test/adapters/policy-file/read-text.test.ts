import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readText, type TextSource } from '../../../src/adapters/policy-file/read-text.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { ensureBuilt } from '../../support/build.ts';
import { skippedFor, whyNotAsRoot } from '../../support/skipped-for.ts';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantd-load-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function source(name: string, changes: Partial<TextSource> = {}): TextSource {
  return {
    path: name === '-' ? '-' : join(directory, name),
    shownPath: name,
    noun: 'policy file',
    code: 'policy-unreadable',
    bytesMax: 100,
    stdin: () => chunks(),
    ...changes,
  };
}

async function* chunks(...parts: readonly string[]): AsyncIterable<Uint8Array> {
  for (const part of parts) yield Buffer.from(part);
}

async function failureOf(name: string, changes: Partial<TextSource> = {}): Promise<GrantdError> {
  try {
    await readText(source(name, changes));
  } catch (error) {
    if (error instanceof GrantdError) return error;
    throw error;
  }
  throw new Error('it was read');
}

test('gives the text, the SHA-256 of its bytes, and when the file was last modified', async () => {
  writeFileSync(join(directory, 'a'), 'abc');
  utimesSync(join(directory, 'a'), 1_700_000_000, 1_700_000_000);
  expect(await readText(source('a'))).toEqual({
    text: 'abc',
    sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    modifiedAt: 1_700_000_000_000,
  });
});

test('reads standard input for a dash, whole and within the cap', async () => {
  expect((await readText(source('-', { stdin: () => chunks('ver', 'sion: 1') }))).text).toBe('version: 1');
  const failure = await failureOf('-', { stdin: () => chunks('x'.repeat(60), 'x'.repeat(60)) });
  expect(failure.message).toContain('more than 100 bytes');
});

test('keeps a character whole that two chunks share', async () => {
  const [first, second] = [Buffer.from('€').subarray(0, 1), Buffer.from('€').subarray(1)];
  async function* halves() {
    yield first;
    yield second;
  }
  expect((await readText(source('-', { stdin: halves }))).text).toBe('€');
});

test('follows a link at the moment of reading', async () => {
  mkdirSync(join(directory, 'one'));
  mkdirSync(join(directory, 'two'));
  writeFileSync(join(directory, 'one', 'policy'), 'one');
  writeFileSync(join(directory, 'two', 'policy'), 'two');
  symlinkSync('one', join(directory, 'current'));
  expect((await readText(source('current/policy'))).text).toBe('one');
  symlinkSync('two', join(directory, 'next'));
  renameSync(join(directory, 'next'), join(directory, 'current'));
  expect((await readText(source('current/policy'))).text).toBe('two');
});

test('outlives a moment in which a swap leaves nothing to read', async () => {
  const path = join(directory, 'late');
  const reading = readText(source('late'));
  setTimeout(() => writeFileSync(path, 'here'), 30);
  expect((await reading).text).toBe('here');
});

test('reads the pipe of a shell, which has a writer', async () => {
  const script = `
    import { readText } from '${new URL('../../../dist/adapters/policy-file/read-text.js', import.meta.url)}';
    const source = { path: process.argv[1], shownPath: 'pipe', noun: 'file', code: 'policy-unreadable', bytesMax: 100 };
    process.stdout.write((await readText(source)).text);
  `;
  ensureBuilt();
  const read = '"$0" --input-type=module --eval "$1" <(sleep 0.2; echo piped)';
  expect(execFileSync('bash', ['-c', read, process.execPath, script], { encoding: 'utf8' })).toBe('piped\n');
});

test('refuses a named pipe at once, with a writer or without', async () => {
  const path = join(directory, 'pipe');
  execFileSync('mkfifo', [path]);
  symlinkSync('pipe', join(directory, 'link'));
  for (const name of ['pipe', 'link']) {
    expect(await failureOf(name)).toMatchObject({
      code: 'policy-unreadable',
      message: `the policy file ${name} is a named pipe`,
      remedy: 'name an ordinary file, or - to read standard input',
    });
  }
});

test('never reads more than the cap, whatever the file is', async () => {
  writeFileSync(join(directory, 'large'), 'x'.repeat(101));
  expect(await failureOf('large')).toMatchObject({
    code: 'policy-unreadable',
    message: 'the policy file large has more than 100 bytes, the most that grantd reads',
  });
  const endless = await failureOf('zero', { path: '/dev/zero' });
  expect(endless.message).toContain('more than 100 bytes');
});

test.each([
  ['gone', 'does not exist'],
  ['file/below', 'a part of its path is a file'],
  ['directory', 'is a directory'],
  ['circle', 'leads in a circle'],
  [`${'n'.repeat(300)}`, 'a name that is too long'],
])('says of %s that it %s', async (name, words) => {
  writeFileSync(join(directory, 'file'), '');
  mkdirSync(join(directory, 'directory'));
  symlinkSync('circle', join(directory, 'circle'));
  const failure = await failureOf(name);
  expect(failure.code).toBe('policy-unreadable');
  expect(failure.message).toContain(words);
  expect(failure.remedy).not.toBe('');
});

test('says that this user may not read', skippedFor(whyNotAsRoot), async () => {
  writeFileSync(join(directory, 'mine'), '');
  chmodSync(join(directory, 'mine'), 0);
  expect((await failureOf('mine')).message).toContain('is not readable by this user');
});
