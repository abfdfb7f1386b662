import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { Secrets } from '../../src/cli/process/secrets.ts';
import { type Ended, runGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenState, workplace } from '../support/workplace.ts';

/** Spelled like a real one: 32 hex digits. The simulator does not know it. */
const WRONG = 'c0ffee11d00dfeed5eedcafe0badf00d';
const RIGHT = 'simulator-admin-token';

/** What may never be seen: the token, and any stretch of it that is long enough to recognise. */
function partsOf(secret: string): readonly string[] {
  return Array.from({ length: secret.length - 7 }, (_, start) => secret.slice(start, start + 8));
}

function expectUnseen(secret: string, texts: readonly string[], what: string): void {
  for (const text of texts) {
    for (const part of partsOf(secret)) expect(text.includes(part), `${what}: ${text}`).toBe(false);
  }
}

function filesBelow(directory: string, except: readonly string[]): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((name) => !except.includes(name) && statSync(join(directory, name)).isFile())
    .map((name) => readFileSync(join(directory, name), 'utf8'));
}

/** Every command as it is meant to be used. */
const ORDINARY: readonly (readonly string[])[] = [
  ['plan'],
  ['plan', '--format', 'json', '--out', 'plan.json'],
  ['plan', '--format', 'markdown'],
  ['snapshot', '--out', 'account.json'],
  ['compare', 'policy.yaml', 'policy.yaml', '--snapshot', 'account.json'],
  ['import', '--out', 'imported.yaml'],
  ['import', '--update', 'imported.yaml'],
  ['offboard', 'ann@example.com'],
  ['review', '--out', 'review.csv'],
  ['review', '--format', 'markdown'],
  ['apply', '--yes', '--plan', 'plan.json', '--format', 'json'],
  ['apply'],
  ['apply', '--yes', '--audit-log', 'audit.jsonl'],
  ['audit', 'show', 'audit.jsonl'],
  ['audit', 'verify', 'audit.jsonl'],
  ['validate', '--junit', 'junit.xml', '--format', 'json'],
  ['explain', 'ann@example.com'],
  ['who', 'account'],
  ['schema', 'settings'],
  ['doctor', '--format', 'json'],
  ['demo', '--once'],
];

/** The token file in place of every other input. */
const MISTAKEN: readonly (readonly string[])[] = [
  ['plan', 'token'],
  ['validate', 'token', '--format', 'json', '--junit', 'junit2.xml'],
  ['plan', '--snapshot', 'token'],
  ['compare', 'policy.yaml', 'token'],
  ['review', '--snapshot', 'token'],
  ['import', '--snapshot', 'token'],
  ['import', '--update', 'token'],
  ['apply', '--yes', '--plan', 'token'],
  ['plan', '--settings', 'token'],
  ['simulate', '--seed', 'token'],
  ['demo', '--once', '--policy', 'token'],
];

/** Inputs that hold it, known to be a secret. */
const HOLDING: readonly (readonly string[])[] = [
  ['validate', 'with-token.yaml'],
  ['apply', '--yes', '--plan', 'with-token.yaml'],
  ['compare', 'with-token.yaml', 'policy.yaml'],
  ['simulate', '--seed', 'with-token.yaml'],
  ['plan', '--settings', 'with-token.yaml'],
];

/** The token itself, where a word of the command line should stand. */
function misplaced(secret: string): readonly (readonly string[])[] {
  return [
    [secret],
    ['plan', `--out=gone/${secret}`],
    ['explain', secret],
    ['plan', '--token', secret],
    ['plan', `--tokn=${secret}`],
    ['plan', '--api-url', `https://${secret}@mailtrap.io`],
    ['plan', '--concurrency', secret],
    ['schema', secret],
  ];
}

function directoryWith(secret: string): string {
  const cwd = workplace({
    'policy.yaml': POLICY,
    token: `${secret}\n`,
    'with-token.yaml': POLICY.replace('OPS-123', secret),
  });
  mkdirSync(join(cwd, 'config'));
  return cwd;
}

async function runAll(cwd: string, env: Readonly<Record<string, string>>, calls: readonly (readonly string[])[]) {
  const ended: [string, Ended][] = [];
  for (const args of calls) ended.push([args.join(' '), await runGrantd(args, { cwd, env })]);
  return ended;
}

function expectAllUnseen(secret: string, ended: readonly [string, Ended][], cwd: string): void {
  for (const [line, { stdout, stderr, signal }] of ended) {
    expect(signal, line).toBeNull();
    expectUnseen(secret, [stdout, stderr], line);
  }
  expectUnseen(secret, filesBelow(cwd, ['token', 'with-token.yaml']), 'a file');
}

test('every command has a call here', () => {
  // The daemon lives on: test/process/life.test.ts looks at all of its outputs.
  const called = new Set([...ORDINARY, ...MISTAKEN, ['run']].map(([name]) => name));
  expect(COMMANDS.map(({ name }) => name).filter((name) => !called.has(name))).toEqual([]);
});

test('a token that works is not shown by any command, nor written to a file', async () => {
  const { url } = await simulate({ rateLimit: 'off' });
  const cwd = directoryWith(RIGHT);
  const env = { GRANTD_API_URL: url, MAILTRAP_API_TOKEN: RIGHT, GRANTD_STATE_DIR: provenState(url) };
  const ended = await runAll(cwd, env, ORDINARY);
  expect(ended.filter(([, { code }]) => code === 0).map(([line]) => line)).toHaveLength(ORDINARY.length - 1);
  expectAllUnseen(RIGHT, ended, cwd);
}, 240_000);

test('no output shows a token that does not work, wherever it appears', async () => {
  const { url } = await simulate({ rateLimit: 'off' });
  const cwd = directoryWith(WRONG);
  const calls = [...ORDINARY.slice(0, 5), ...HOLDING, ...misplaced(WRONG)];
  const ended = await runAll(cwd, { GRANTD_API_URL: url, MAILTRAP_API_TOKEN: WRONG }, calls);
  expectAllUnseen(WRONG, ended, cwd);
});

test('no output shows a token file that was named by mistake, known as one or not', async () => {
  const { url } = await simulate({ rateLimit: 'off' });
  const cwd = directoryWith(WRONG);
  const known = await runAll(cwd, { GRANTD_API_URL: url, MAILTRAP_API_TOKEN_FILE: 'token' }, MISTAKEN);
  const unknown = await runAll(cwd, { GRANTD_API_URL: url }, MISTAKEN);
  expect([...known, ...unknown].map(([, { code }]) => code)).toEqual(Array(2 * MISTAKEN.length).fill(4));
  expectAllUnseen(WRONG, [...known, ...unknown], cwd);
});

test('an internal error is reported without the data that grantd worked on', async () => {
  const cwd = workplace({ 'policy.yaml': POLICY });
  writeFileSync(join(cwd, 'break.mjs'), `JSON.parse = () => { throw new Error('${WRONG}') };`);
  const env = { MAILTRAP_API_TOKEN: WRONG, NODE_OPTIONS: `--import=${join(cwd, 'break.mjs')}` };
  const { code, stderr } = await runGrantd(['plan'], { cwd, env });
  expect(code).toBe(1);
  expect(stderr).toContain('error[bug]: internal error');
  expectUnseen(WRONG, [stderr], 'a fault');
});

test('the last safeguard removes a secret from every output, and keeps short words', () => {
  const secrets = new Secrets();
  secrets.add(WRONG);
  secrets.add('abc');
  expect(secrets.scrub(`a ${WRONG} b${WRONG}c abc`)).toBe('a (secret) b(secret)c abc');
  secrets.forget(WRONG);
  expect(secrets.scrub(WRONG)).toBe(WRONG);
});
