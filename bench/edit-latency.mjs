import { writeFile } from 'node:fs/promises';
import { SETTLE_MS, startDaemon, until } from './daemon-process.mjs';
import { median, toRatio } from './figures.mjs';
import { ACCOUNT, policyOf, SECRET } from './world.mjs';

const USERS = 50;
const LATENCY_MS = 100;
const CONCURRENCY = 4;
const ROUNDS = 3;

/**
 * From the moment a policy is saved until its last PUT is answered, 50 principals and 100 ms of latency, against what no
 * daemon could undercut: the time a text must stay the same, two round trips of reads, and the PUTs four at a time.
 */
export async function benchEditLatency() {
  const daemon = await startDaemon(USERS, 'viewer');
  try {
    await until(() => putsOf(daemon).length === USERS);
    await until(() => daemon.lines.some((line) => line.event === 'run.ended'));
    daemon.simulator.inject({ kind: 'latency', ms: LATENCY_MS, times: 'always' });
    const took = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      // Beyond the window of the rate limit, which another bench measures.
      await new Promise((resolve) => setTimeout(resolve, 11_000));
      took.push(await oneEdit(daemon, round % 2 === 0 ? 'admin' : 'viewer'));
    }
    await new Promise((resolve) => setTimeout(resolve, 11_000));
    const floorMs = SETTLE_MS + (await floorOfRequests(daemon.simulator.url));
    const name = `policy saved to last PUT answered, ${USERS} people, ${LATENCY_MS} ms latency`;
    return toRatio(name, { measured: median(took), floor: floorMs, unit: 'ms', budget: 1.25 });
  } finally {
    await daemon.end();
  }
}

async function oneEdit(daemon, level) {
  daemon.simulator.clearRequests();
  const endedBefore = endedRuns(daemon);
  const savedAt = performance.now();
  await writeFile(daemon.policy, policyOf(USERS, level));
  let lastAt = 0;
  let seen = 0;
  await until(() => {
    const answered = putsOf(daemon).filter((request) => request.status !== null).length;
    if (answered > seen) {
      seen = answered;
      lastAt = performance.now();
    }
    return seen === USERS;
  }, 1);
  await until(() => endedRuns(daemon) > endedBefore);
  return lastAt - savedAt;
}

/** The same requests by plain fetch: two reads one after the other, then as many writes, so many at a time. */
async function floorOfRequests(url) {
  const headers = { authorization: `Bearer ${SECRET}`, 'content-type': 'application/json' };
  const base = `${url}/api/accounts/${ACCOUNT}`;
  const body = JSON.stringify({ permissions: [] });
  const read = async () => (await fetch(`${base}/account_accesses`, { headers })).text();
  const write = async (index) =>
    (await fetch(`${base}/account_accesses/${100 + index}/permissions/bulk`, { method: 'PUT', headers, body })).text();
  await read();
  const startedAt = performance.now();
  await read();
  await read();
  for (let from = 0; from < USERS; from += CONCURRENCY) {
    const wave = Array.from({ length: Math.min(CONCURRENCY, USERS - from) }, (_, index) => write(from + index));
    await Promise.all(wave);
  }
  return performance.now() - startedAt;
}

function putsOf({ simulator }) {
  return simulator.requests().filter((request) => request.method === 'PUT');
}

function endedRuns({ lines }) {
  return lines.filter((line) => line.event === 'run.ended').length;
}
