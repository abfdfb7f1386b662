import { spawn } from 'node:child_process';
import { SETTLE_MS, startDaemon, until } from './daemon-process.mjs';
import { median, toRatio } from './figures.mjs';

const ROUNDS = 15;

/**
 * From the start of the process to its first request, less the time that the policy's text must stay the same, against the whole life of a bare node process that does nothing.
 */
export async function benchStart() {
  const daemons = [];
  const bares = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bares.push(await lifeOfBareNode());
    const daemon = await startDaemon(10, 'viewer');
    await until(() => daemon.simulator.requests().length > 0, 1);
    daemons.push(performance.now() - daemon.startedAt - SETTLE_MS);
    await daemon.end();
  }
  const name = `start to first request, without the ${SETTLE_MS} ms in which the policy must stay the same`;
  return toRatio(name, { measured: median(daemons), floor: median(bares), unit: 'ms', budget: 4 });
}

async function lifeOfBareNode() {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - startedAt;
}
