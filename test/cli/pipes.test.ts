import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { policiesOf, snapshotOf } from '../../bench/snapshot-world.mjs';
import { ensureBuilt, MAIN, ROOT } from '../support/build.ts';
import { startGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';

test('a reader that goes away is no error, and does not stop an apply', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY });
  const env = provenAt(simulator);
  const plan = startGrantd(['plan'], { cwd, env });
  plan.stopReading();
  expect(await plan.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  const apply = startGrantd(['apply', '--yes'], { cwd, env });
  apply.stopReading();
  expect(await apply.ended).toMatchObject({ code: 0, signal: null });
  expect(simulator.rows('ann@example.com')).toEqual({ 'project:4001': 10, 'inbox:3810': 100 });
});

test('a schema comes whole through a pipe', () => {
  ensureBuilt();
  const { stdout } = spawnSync('sh', ['-c', '"$0" "$1" schema policy | cat', process.execPath, MAIN], {
    encoding: 'utf8',
  });
  expect(stdout.endsWith('}\n')).toBe(true);
  expect(JSON.parse(stdout)).toHaveProperty('properties');
});

const PEOPLE = 400;
const LONG = [
  ['review', 'old.yaml'],
  ['review', 'old.yaml', '--format', 'markdown'],
  ['review', 'old.yaml', '--format', 'json'],
  ['compare', 'old.yaml', 'new.yaml'],
  ['compare', 'old.yaml', 'new.yaml', '--format', 'json'],
].map((words) => [words.join(' '), [...words, '--snapshot', 'account.json']] as const);

function largeWorkplace(): string {
  const { old, next } = policiesOf(PEOPLE);
  return workplace({ 'old.yaml': old, 'new.yaml': next, 'account.json': snapshotOf(PEOPLE) });
}

test('a long output through a pipe whose reader is slow is the same as in a file', () => {
  ensureBuilt();
  const cwd = largeWorkplace();
  const at = ['--at', '2026-12-01'];
  for (const [name, words] of LONG) {
    const all = [process.execPath, MAIN, ...words, ...(words[0] === 'compare' ? at : [])];
    const slow = spawnSync('sh', ['-c', '"$0" "$@" | { sleep 0.5; cat; }', ...all], {
      cwd,
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    const file = spawnSync('sh', ['-c', '"$0" "$@" > out.txt', ...all], { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
    const text = readFileSync(join(cwd, 'out.txt'), 'utf8');
    expect([name, slow.stdout.length > 100_000, slow.stdout === text]).toEqual([name, true, true]);
    expect(file.stderr).toBe(slow.stderr);
  }
});

test('a reader that leaves in the middle of a long output is no error', () => {
  ensureBuilt();
  const cwd = largeWorkplace();
  for (const [name, words] of LONG) {
    const line = '{ "$0" "$@"; echo "exit $?" >&2; } | head -c 100';
    const { stdout, stderr } = spawnSync('sh', ['-c', line, process.execPath, MAIN, ...words], {
      cwd,
      // Without the variables of the process that runs the tests: grantd warns of one that it does not know.
      env: { PATH: process.env['PATH'] ?? '' },
      encoding: 'utf8',
    });
    expect([name, Buffer.byteLength(stdout), stderr.split('\n').slice(1)]).toEqual([name, 100, ['exit 0', '']]);
  }
});

test('--out saves a long review whole', () => {
  ensureBuilt();
  const cwd = largeWorkplace();
  const words = [MAIN, 'review', 'old.yaml', '--snapshot', 'account.json'];
  const { stdout } = spawnSync(process.execPath, words, { cwd, encoding: 'utf8', maxBuffer: 2 ** 26 });
  spawnSync(process.execPath, [...words, '--out', 'review.csv'], { cwd });
  expect(readFileSync(join(cwd, 'review.csv'), 'utf8') === stdout).toBe(true);
  expect(stdout.split('\r\n')).toHaveLength(PEOPLE * 5 + 3);
});

test('the file that npm links starts by itself: it names its interpreter', () => {
  ensureBuilt();
  expect(execFileSync('head', ['-1', MAIN], { encoding: 'utf8' })).toBe('#!/usr/bin/env node\n');
  const { stdout } = spawnSync(process.execPath, [MAIN, '--version'], { encoding: 'utf8', cwd: ROOT });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
