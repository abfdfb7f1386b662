import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFileStateStore } from '../../src/adapters/state/file-state-store.ts';
import { CONTESTED_REST_MS, restraintsNow } from '../../src/daemon/remember-run.ts';
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
  expect(shown.stdout).toMatch(
    /grace@example\.com[\s\S]*no grant that has begun names them, and `unlisted` revokes their access/,
  );
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
  const read = await stateOf('state.json');
  expect(read).toMatchObject({ memory: { account: 3229, policy: { acceptedAt: expect.any(Number) } }, lost: null });
});

test('of the changes that 0.1.0 counted, the contested ones are kept as they were, and the others begin anew', async () => {
  const { memory, lost } = await stateOf('state-repeated.json');
  const at = Date.parse('2026-11-30T21:15:00.301Z');
  const kept = { access: 5004, resource: { type: 'inbox', id: 3811 }, after: 100, writtenAt: [], hasBeenInPlace: true };
  expect({ written: memory.written, lost }).toEqual({
    written: [{ ...kept, contestedSince: at, triedAt: at }],
    lost: null,
  });
  const restraints = (now: number) => restraintsNow(memory, { now, isCounted: () => false }, false).contested;
  expect(restraints(at + CONTESTED_REST_MS - 1)).toHaveLength(1);
  expect(restraints(at + CONTESTED_REST_MS)).toEqual([]);
});

test.each(['state.json', 'state-repeated.json'])('the %s of 0.1.0 is as the schema says', (name) => {
  const schema = JSON.parse(readFileSync(new URL('../../schemas/state.v1.schema.json', import.meta.url), 'utf8'));
  const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema);
  validate(JSON.parse(readFileSync(join(FIXTURES, name), 'utf8')));
  expect(validate.errors).toBe(null);
});

/** What grantd reads of a state file of 0.1.0. */
function stateOf(fixture: string) {
  const directory = join(cwd, 'state');
  mkdirSync(directory, { mode: 0o700 });
  copyFileSync(join(FIXTURES, fixture), join(directory, 'account-3229.json'));
  return createFileStateStore({ dir: directory }).load(3229);
}
