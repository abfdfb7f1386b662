import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { fileToken, findToken } from '../../../src/adapters/settings/token.ts';

const SECRET = '0123456789abcdef0123456789abcdef';
let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'grantd-token-'));
});

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function tokenFile(text: string, mode = 0o600): string {
  const path = join(directory, 'token');
  writeFileSync(path, text, { mode });
  chmodSync(path, mode);
  return path;
}

function problemsOf(env: Record<string, string>): string {
  const found = findToken(env, directory);
  return found.ok ? '' : JSON.stringify(found.problems);
}

test('comes from the variable, without the line break that a shell may add', () => {
  const found = findToken({ MAILTRAP_API_TOKEN: `${SECRET}\n` }, directory);
  expect(found.ok && found.token()).toBe(SECRET);
});

test('comes from the file, whose path is meant from where grantd is started', () => {
  tokenFile(`${SECRET}\r\n`);
  const found = findToken({ MAILTRAP_API_TOKEN_FILE: 'token' }, directory);
  expect(found).toMatchObject({ ok: true, warnings: [] });
  expect(found.ok && found.token()).toBe(SECRET);
});

test('is read anew when it was rotated, and stays the last good one while the file is not', () => {
  const path = tokenFile(SECRET);
  const found = findToken({ MAILTRAP_API_TOKEN_FILE: path }, directory);
  const token = found.ok ? found.token : () => '';
  tokenFile('fedcba9876543210');
  expect(token()).toBe('fedcba9876543210');
  tokenFile('');
  expect(token()).toBe('fedcba9876543210');
  rmSync(path);
  expect(token()).toBe('fedcba9876543210');
});

test('that is kept because its file has none is reported once, and again after the file had one', () => {
  const path = tokenFile(SECRET);
  const kept: string[] = [];
  const found = findToken({ MAILTRAP_API_TOKEN_FILE: path }, directory, ({ where, message }) =>
    kept.push(`${where}: ${message}`.replaceAll(directory, '')),
  );
  const token = found.ok ? found.token : () => '';
  token();
  expect(kept).toEqual([]);
  tokenFile('');
  token();
  expect([token(), kept]).toEqual([
    SECRET,
    ['MAILTRAP_API_TOKEN_FILE (/token): the file is empty: grantd goes on with the last token that it held'],
  ]);
  tokenFile('fedcba9876543210');
  expect([token(), kept.length]).toEqual(['fedcba9876543210', 1]);
  rmSync(path);
  token();
  expect([token(), kept.length]).toEqual(['fedcba9876543210', 2]);
  expect(kept[1]).toContain('grantd cannot read the file (ENOENT): grantd goes on');
  expect(kept.join()).not.toContain('fedcba');
});

test('comes from a pipe, which is read once', async () => {
  const path = join(directory, 'pipe');
  execFileSync('mkfifo', [path]);
  const writer = spawn('sh', ['-c', `echo ${SECRET} > "$0"`, path]);
  const found = findToken({ MAILTRAP_API_TOKEN_FILE: path }, directory);
  expect(found.ok && [found.token(), found.token()]).toEqual([SECRET, SECRET]);
  await new Promise((resolve) => writer.on('close', resolve));
});

test('is a problem where it is missing, empty, given twice, or no token', () => {
  expect(problemsOf({})).toContain('there is no API token');
  expect(problemsOf({ MAILTRAP_API_TOKEN: '' })).toContain('set and empty');
  expect(problemsOf({ MAILTRAP_API_TOKEN_FILE: '' })).toContain('set and empty');
  expect(problemsOf({ MAILTRAP_API_TOKEN_FILE: tokenFile('\n') })).toContain('set and empty');
  expect(problemsOf({ MAILTRAP_API_TOKEN_FILE: join(directory, 'gone') })).toContain('ENOENT');
  expect(problemsOf({ MAILTRAP_API_TOKEN_FILE: directory })).toContain('EISDIR');
  expect(problemsOf({ MAILTRAP_API_TOKEN: SECRET, MAILTRAP_API_TOKEN_FILE: 'token' })).toContain('both are set');
});

test('is never shown by a problem of it', () => {
  const shown = [
    problemsOf({ MAILTRAP_API_TOKEN: `${SECRET} ${SECRET}` }),
    problemsOf({ MAILTRAP_API_TOKEN_FILE: tokenFile(`${SECRET}\n${SECRET}`) }),
    problemsOf({ MAILTRAP_API_TOKEN: `${SECRET}\u00e9` }),
    problemsOf({ MAILTRAP_API_TOKEN: SECRET.repeat(200) }),
  ];
  for (const text of shown) {
    expect(text).not.toBe('');
    expect(text).not.toContain(SECRET.slice(0, 8));
  }
});

test('warns where every user of the machine may read the file', () => {
  const found = findToken({ MAILTRAP_API_TOKEN_FILE: tokenFile(SECRET, 0o644) }, directory);
  expect(found.ok && found.warnings).toMatchObject([{ remedy: `chmod o-r ${join(directory, 'token')}` }]);
});

test('quotes the name of the file for a shell (case I27)', () => {
  const path = join(directory, 'to;ken');
  writeFileSync(path, SECRET, { mode: 0o644 });
  const found = findToken({ MAILTRAP_API_TOKEN_FILE: path }, directory);
  expect(found.ok && found.warnings).toMatchObject([{ remedy: `chmod o-r '${path}'` }]);
});

test('of a file that settings name keeps the same rules, in the words of what it holds', () => {
  const path = tokenFile('https://hooks.example.com/T000/B000\n');
  const found = fileToken(path, 'slackUrlFile (slack-url)', 'URL');
  expect(found).toMatchObject({ ok: true, warnings: [] });
  expect(found.ok && found.token()).toBe('https://hooks.example.com/T000/B000');
  tokenFile('https://hooks.example.com/T111/B111\n');
  expect(found.ok && found.token()).toBe('https://hooks.example.com/T111/B111');
  tokenFile(`${SECRET} ${SECRET}`);
  expect(found.ok && found.token()).toBe('https://hooks.example.com/T111/B111');
  expect(fileToken(path, 'slackUrlFile (slack-url)', 'URL')).toEqual({
    ok: false,
    problems: [
      {
        where: 'slackUrlFile (slack-url)',
        message: 'it contains a space, a line break or another character that no URL has',
        remedy: 'write the URL into the file, and nothing else',
      },
    ],
  });
  expect(fileToken(tokenFile(SECRET, 0o604), 'here')).toMatchObject({ ok: true, warnings: [{ where: 'here' }] });
});

test('is not looked for beyond the start of a file, which may have no end', () => {
  expect(problemsOf({ MAILTRAP_API_TOKEN_FILE: '/dev/zero' })).toContain('far longer than a token');
  expect(problemsOf({ MAILTRAP_API_TOKEN_FILE: tokenFile('a'.repeat(4096)) })).toBe('');
  expect(problemsOf({ MAILTRAP_API_TOKEN_FILE: tokenFile('a'.repeat(4097)) })).toContain('far longer');
});
