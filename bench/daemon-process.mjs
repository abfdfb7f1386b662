import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSimulator } from '../dist/simulator/start-simulator.js';
import { policyOf, SECRET, seedOf } from './world.mjs';

export const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));

/** How the image starts Node: what stands between its `node` and the program in the entry point. */
export const NODE_WORDS = entryPoint().slice(1, -1);

/** How long text must stay the same before it counts, in this bench as by default. */
export const SETTLE_MS = 200;

/** A simulated account of so many users and a real daemon that keeps it, with a policy file of its own. */
export async function startDaemon(users, level) {
  const directory = await mkdtemp(join(tmpdir(), 'grantd-bench-'));
  const policy = join(directory, 'policy.yaml');
  await writeFile(policy, policyOf(users, level));
  const simulator = await startSimulator({ seed: seedOf(users) });
  const startedAt = performance.now();
  const words = ['run', policy, '--api-url', simulator.url, '--http-address', '127.0.0.1:0', '--start-jitter-ms', '0'];
  const child = spawn(process.execPath, [...NODE_WORDS, MAIN, ...words, '--min-interval-ms', '0'], {
    env: { PATH: process.env.PATH, MAILTRAP_API_TOKEN: SECRET },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines = [];
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((line) => JSON.parse(line)));
  });
  return {
    simulator,
    policy,
    child,
    lines,
    startedAt,
    end: async () => {
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
      await simulator.close();
      await rm(directory, { recursive: true });
    },
  };
}

function entryPoint() {
  const text = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
  return JSON.parse(/^ENTRYPOINT (.*)$/m.exec(text)[1]);
}

/** Waits until the condition holds, looking every so often; fails after a minute. */
export async function until(condition, everyMs = 5) {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited a minute in vain');
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}

/** Resident memory in MB, as the kernel counts it. */
export async function residentMb(pid) {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024;
}

/** Processor time used so far, in ms: user and system, in ticks of 10 ms. */
export async function processorMs(pid) {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
