import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadAccountSeeds } from '../dist/simulator/account-seed.js';
import { startSimulator } from '../dist/simulator/start-simulator.js';
import { MAIN, SETTLE_MS, startDaemon, until } from './daemon-process.mjs';
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

/** By the ratio on Node 20. Later versions start a bare node much faster, so there the ratio says little. */
const NODE_OF_BUDGETS = '20';

/** From the start of a process to its end: the commands that a person or a hook calls, against a bare node process. */
export async function benchWholeProcess() {
  const directory = await mkdtemp(join(tmpdir(), 'grantd-bench-'));
  const snapshot = join(directory, 'account.json');
  try {
    await saveExampleAccount(snapshot);
    const calls = [
      { name: '--version', words: ['--version'], budget: 2 },
      { name: 'validate of the example', words: ['validate', pathOf('policy')], budget: 3 },
      { name: 'plan of the example', words: ['plan', pathOf('policy'), '--snapshot', snapshot], budget: 4.2 },
    ];
    const bares = [];
    const took = calls.map(() => []);
    for (let round = 0; round < ROUNDS; round += 1) {
      bares.push(await lifeOfBareNode());
      for (const [index, { words }] of calls.entries()) took[index].push(await lifeOf([MAIN, ...words]));
    }
    return calls.map(({ name, budget }, index) => {
      const about = { measured: median(took[index]), floor: median(bares), unit: 'ms', budget };
      const ratio = toRatio(`whole process, ${name}`, about);
      return process.versions.node.startsWith(`${NODE_OF_BUDGETS}.`)
        ? ratio
        : { ...ratio, budget: `${budget} on Node ${NODE_OF_BUDGETS}`, isMet: true };
    });
  } finally {
    await rm(directory, { recursive: true });
  }
}

async function saveExampleAccount(path) {
  const { seeds } = loadAccountSeeds(await readFile(pathOf('account'), 'utf8'));
  const [seed] = seeds;
  const simulator = await startSimulator({ seed });
  try {
    const words = ['snapshot', pathOf('policy'), '--api-url', simulator.url, '--out', path];
    await lifeOf([MAIN, ...words], { MAILTRAP_API_TOKEN: seed.tokens[0].secret });
  } finally {
    await simulator.close();
  }
}

function pathOf(example) {
  return fileURLToPath(new URL(`../config/${example}.example.yaml`, import.meta.url));
}

function lifeOfBareNode() {
  return lifeOf(['-e', '0']);
}

async function lifeOf(words, env = {}) {
  const startedAt = performance.now();
  const child = spawn(process.execPath, words, { stdio: 'ignore', env: { PATH: process.env.PATH, ...env } });
  const code = await new Promise((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error(`node ${words.join(' ')} ended with ${code}`);
  return performance.now() - startedAt;
}
