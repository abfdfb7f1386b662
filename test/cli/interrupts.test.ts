import { expect, test } from 'vitest';
import { runCli } from '../support/in-process.ts';
import { startGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { POLICY, pointedAt, workplace } from '../support/workplace.ts';

/** Two people change, one PUT at a time, so that something is left to stop. */
const TWO = POLICY.replace('level: viewer\ntests', 'level: admin\ntests');
const ONE_AT_A_TIME = { GRANTD_CONCURRENCY: '1' };

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function scene() {
  const simulator = await simulate();
  const puts = () => simulator.requests().filter(({ method }) => method === 'PUT');
  const env = { ...pointedAt(simulator), ...ONE_AT_A_TIME };
  return { simulator, puts, env, cwd: workplace({ 'policy.yaml': TWO }) };
}

test('Ctrl-C while writing lets the running PUT finish, begins none, and reports the outcome of each', async () => {
  const { simulator, puts, env, cwd } = await scene();
  simulator.inject({ kind: 'latency', ms: 300, times: 'always', match: { method: 'PUT' } });
  let interrupt = () => {};
  const running = runCli(['apply', '--yes'], { cwd, env, onStart: (press) => (interrupt = press) });
  await until(() => puts().length === 1);
  interrupt();
  const ended = await running;
  expect(ended.code).toBe(1);
  expect(ended.stderr).toContain(
    'no further change is written; if a PUT took other rows, grantd still gives them back',
  );
  expect(ended.stdout).toContain('applied');
  expect(ended.stdout).toContain('not tried: asked to stop');
  expect(puts()).toHaveLength(1);
});

test('a second Ctrl-C cuts off running writes, and says that nothing is confirmed', async () => {
  const { simulator, puts, env, cwd } = await scene();
  simulator.inject({ kind: 'latency', ms: 30_000, times: 'always', match: { method: 'PUT' } });
  let interrupt = () => {};
  const running = runCli(['apply', '--yes'], { cwd, env, onStart: (press) => (interrupt = press) });
  await until(() => puts().length === 1);
  interrupt();
  interrupt();
  const ended = await running;
  expect(ended.code).toBe(1);
  expect(ended.stdout).toContain('not confirmed');
});

test('before anything is written one Ctrl-C is enough', async () => {
  const { simulator, env, cwd } = await scene();
  simulator.inject({ kind: 'latency', ms: 30_000, times: 'always' });
  let interrupt = () => {};
  const running = runCli(['apply', '--yes'], { cwd, env, onStart: (press) => (interrupt = press) });
  await until(() => simulator.requests().length === 1);
  interrupt();
  const ended = await running;
  expect(ended).toMatchObject({ code: 1, stdout: '' });
  expect(ended.stderr).toContain('error[stopped]');
});

test('a real process does the same on SIGTERM', async () => {
  const { simulator, puts, env, cwd } = await scene();
  // Long enough for the signal to arrive first, however busy the machine is.
  simulator.inject({ kind: 'latency', ms: 3_000, times: 'always', match: { method: 'PUT' } });
  const running = startGrantd(['apply', '--yes'], { cwd, env });
  await until(() => puts().length === 1);
  running.kill('SIGTERM');
  const ended = await running.ended;
  expect(ended).toMatchObject({ code: 1, signal: null });
  expect(ended.stdout).toContain('not tried: asked to stop');
  expect(puts()).toHaveLength(1);
});

test('what only reads ends at once, as a process that was interrupted', async () => {
  const { simulator, env, cwd } = await scene();
  simulator.inject({ kind: 'latency', ms: 30_000, times: 'always' });
  const running = startGrantd(['plan'], { cwd, env });
  await until(() => simulator.requests().length === 1);
  running.kill('SIGINT');
  expect(await running.ended).toMatchObject({ code: null, signal: 'SIGINT', stdout: '' });
});
