import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../dist/simulator/start-simulator.js';
import { crowdPolicy, crowdSeed, SECRET, SITUATIONS } from './crowd.mjs';
import { startRelay } from './relay.mjs';
import { runTool } from './tools.mjs';

/** One run of a tool on an account in some situation: what it asked, what it cost, and whether the account is as it should be. */
export async function costOf(tool, { situation, people, latencyMs = 0, rateLimit = 'off' }) {
  const directory = await mkdtemp(join(tmpdir(), 'grantd-side-by-side-'));
  const policy = join(directory, 'policy.yaml');
  await writeFile(policy, crowdPolicy(people));
  const simulator = await startSimulator({
    seed: crowdSeed(people, SITUATIONS[situation]),
    ...(rateLimit === 'off' ? { rateLimit } : {}),
  });
  const relay = await startRelay(simulator.port);
  try {
    if (latencyMs > 0) simulator.inject({ kind: 'latency', ms: latencyMs, times: 'always' });
    const run = await runTool(tool, { url: relay.url, policy, secret: SECRET, directory });
    const requests = simulator.requests();
    return {
      exitCode: run.exitCode,
      wallMs: run.wallMs,
      startMs: relay.counted.firstAskedAt - run.startedAt,
      gets: countOf(requests, 'GET'),
      puts: countOf(requests, 'PUT'),
      refused: requests.filter(({ status }) => status === 429).length,
      rows: requests.reduce((sum, { body }) => sum + (body?.permissions?.length ?? 0), 0),
      undone: undoneOf(simulator.state(), crowdSeed(people, SITUATIONS.idle)),
    };
  } finally {
    await relay.close();
    await simulator.close();
    await rm(directory, { recursive: true });
  }
}

function countOf(requests, method) {
  return requests.filter((request) => request.method === method).length;
}

/** How many people do not hold exactly the rows of the seed. */
function undoneOf(state, { accesses }) {
  const rowsBy = new Map(state.accesses.map(({ who, rows }) => [who, textOf(rows)]));
  return accesses.filter(({ email, rows }) => rowsBy.get(email) !== textOf(rows)).length;
}

function textOf(rows) {
  return rows
    .map(({ type, id, level }) => `${type}:${id}=${level}`)
    .sort()
    .join(' ');
}
