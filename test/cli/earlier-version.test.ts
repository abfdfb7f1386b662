import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileStateStore } from '../../src/adapters/state/file-state-store.ts';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { pointedAt, workplace } from '../support/workplace.ts';

/** What `grantd run` and `grantd plan` of 0.1.0 left on the example account, with `strangers: revoke`. */
const FIXTURES = new URL('../fixtures/0.1.0/', import.meta.url).pathname;

let simulator: Simulator;
let cwd: string;

beforeEach(async () => {
  simulator = await simulate();
  cwd = workplace();
  for (const name of ['policy.yaml', 'plan.json', 'audit.jsonl']) copyFileSync(join(FIXTURES, name), join(cwd, name));
});

afterEach(() => simulator.close());

test('an audit log of 0.1.0 is whole, and its reasons are shown in the words of today', async () => {
  expect(readFileSync(join(cwd, 'audit.jsonl'), 'utf8')).toContain('"kind":"stranger"');
  expect(await runCli(['audit', 'verify', 'audit.jsonl'], { cwd })).toMatchObject({ code: 0 });
  const shown = await runCli(['audit', 'show', 'audit.jsonl'], { cwd });
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout).toMatch(/grace@example\.com[\s\S]*no grant names them, and `unlisted` revokes their access/);
});

test('an audit log of 0.1.0 is continued, and stays whole', async () => {
  const apply = ['apply', 'policy.yaml', '--audit-log', 'audit.jsonl', '--yes'];
  expect(await runCli(apply, { cwd, env: pointedAt(simulator) })).toMatchObject({ code: 0 });
  expect(readFileSync(join(cwd, 'audit.jsonl'), 'utf8')).toContain('"kind":"unlisted"');
  expect(await runCli(['audit', 'verify', 'audit.jsonl'], { cwd })).toMatchObject({ code: 0, stderr: '' });
});

test('a plan of 0.1.0 is still the same plan, so apply --plan carries it out', async () => {
  const applied = await runCli(['apply', 'policy.yaml', '--plan', 'plan.json', '--yes'], {
    cwd,
    env: pointedAt(simulator),
  });
  expect(applied).toMatchObject({ code: 0 });
  expect(applied.stdout).toContain('9 applied');
});

test('the state of 0.1.0 is read, not lost', async () => {
  const directory = join(cwd, 'state');
  mkdirSync(directory, { mode: 0o700 });
  copyFileSync(join(FIXTURES, 'state.json'), join(directory, 'account-3229.json'));
  const read = await createFileStateStore({ dir: directory }).load(3229);
  expect(read).toMatchObject({ memory: { account: 3229, policy: { acceptedAt: expect.any(Number) } } });
});
