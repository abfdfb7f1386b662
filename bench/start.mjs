import { spawn } from 'node:child_process';
import { startDaemon, until } from './daemon-process.mjs';

const ROUNDS = 5;

/** From the start of the process to its first request, against the whole life of a bare node process that does nothing. */
export async function benchStart() {
  const daemons = [];
  const bares = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    bares.push(await lifeOfBareNode());
    const daemon = await startDaemon(10, 'viewer');
    await until(() => daemon.simulator.requests().length > 0, 1);
    daemons.push(performance.now() - daemon.startedAt);
    await daemon.end();
  }
  return { name: 'start to first request', measured: median(daemons), floor: median(bares), unit: 'ms', budget: 4 };
}

async function lifeOfBareNode() {
  const startedAt = performance.now();
  const child = spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' });
  await new Promise((resolve) => child.once('exit', resolve));
  return performance.now() - startedAt;
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
