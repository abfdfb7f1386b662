import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { POLICY, pointedAt, workplace } from '../support/workplace.ts';
import { addressOf, logged, startDaemon } from './support/daemon.ts';

const SIEGE = fileURLToPath(new URL('support/siege.mjs', import.meta.url));
const ROUNDS = 20;

let siege: ChildProcess | null = null;
afterEach(() => siege?.kill('SIGKILL'));

/** As a probe asks: on a connection of its own, and with a second at most. */
async function statusOf(url: string): Promise<number | string> {
  try {
    const answer = await fetch(url, { headers: { connection: 'close' }, signal: AbortSignal.timeout(1_000) });
    await answer.text();
    return answer.status;
  } catch (error) {
    return error instanceof Error ? error.name : 'unknown';
  }
}

test('while 500 silent sockets and 80 slow writers hold the port, probes, metrics and status are answered', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY });
  const daemon = startDaemon(['policy.yaml'], { cwd, env: pointedAt(simulator) });
  const address = await addressOf(daemon);
  await logged(daemon, 'run.ended');
  siege = spawn(process.execPath, [SIEGE, new URL(address).port, '500', '80'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(siege.stdout ?? siege, 'data');
  const paths = ['/healthz', '/readyz', '/metrics', '/api/v1/status'];
  const answers: (number | string)[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const path of paths) answers.push(await statusOf(`${address}${path}`));
  }
  expect(answers).toEqual(Array(ROUNDS * paths.length).fill(200));
  expect(siege.exitCode).toBe(null);
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toMatchObject({ code: 0, stderr: '' });
});
