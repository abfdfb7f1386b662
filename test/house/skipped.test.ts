import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT } from '../support/build.ts';
import { workplace } from '../support/workplace.ts';

const TESTS = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter((path) =>
  path.endsWith('.test.ts'),
);

test('a test is skipped for a reason that it says', () => {
  const silent = /\.(skipIf|runIf|skip|todo)\(|\{ skip: /;
  const found = TESTS.filter((path) => silent.test(readFileSync(join(ROOT, 'test', path), 'utf8')));
  expect(found.filter((path) => path !== 'house/skipped.test.ts')).toEqual([]);
});

type Skipped = readonly [fullName: string, status: string, reason?: string];

function report(...tests: readonly Skipped[]): string {
  const assertionResults = tests.map(([fullName, status, skipped]) => ({ fullName, status, meta: { skipped } }));
  return JSON.stringify({ testResults: [{ name: '/test/a.test.ts', assertionResults }] });
}

test('the last lines of CI count the skipped tests by their reason, without those that ran elsewhere', () => {
  const cwd = workplace({
    'all.json': report(
      ['a', 'passed'],
      ['b', 'skipped', 'there is no helm'],
      ['c', 'skipped', 'that takes minutes'],
      ['d', 'skipped', 'there is no helm'],
      ['e', 'pending'],
    ),
    'image.json': report(['c', 'passed'], ['d', 'skipped', 'there is no helm']),
  });
  const said = spawnSync('node', [join(ROOT, '.ci/skipped.mjs'), 'all.json', 'image.json'], { cwd, encoding: 'utf8' });
  expect(said).toMatchObject({
    status: 0,
    stderr: '',
    stdout: 'skipped: 2 tests: there is no helm\nskipped: 1 test: its test says no reason\n',
  });
});
