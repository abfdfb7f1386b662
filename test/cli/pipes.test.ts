import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
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

test('the file that npm links starts by itself: it names its interpreter', () => {
  ensureBuilt();
  expect(execFileSync('head', ['-1', MAIN], { encoding: 'utf8' })).toBe('#!/usr/bin/env node\n');
  const { stdout } = spawnSync(process.execPath, [MAIN, '--version'], { encoding: 'utf8', cwd: ROOT });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});
