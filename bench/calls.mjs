import { writeFile } from 'node:fs/promises';
import { startDaemon, until } from './daemon-process.mjs';
import { policyOf } from './world.mjs';

const USERS = 50;
const DIFFERING = [1, 7, USERS];

/** What runs ask and write, counted at the account: of idle ones, and of some that write. Exact figures, not ratios. */
export async function benchCalls() {
  const daemon = await startDaemon(USERS, 'viewer');
  try {
    await runsEnded(daemon, 1);
    // Once a day, after a run, grantd looks up when its own token ends.
    await until(() => daemon.simulator.requests().some(({ path }) => path.endsWith('/api_tokens')));
    const idle = await callsOf(daemon, () => daemon.child.kill('SIGHUP'));
    const withToken = policyOf(USERS, 'viewer', { namesToken: true });
    await callsOf(daemon, () => writeFile(daemon.policy, withToken));
    const idleWithToken = await callsOf(daemon, () => daemon.child.kill('SIGHUP'));
    const writing = [];
    // The first PUT that leaves rows unnamed goes alone, and one read more proves that Mailtrap keeps them.
    await callsOf(daemon, () => writeFile(daemon.policy, policyOf(USERS, 'viewer')));
    const first = await callsOf(daemon, () => writeFile(daemon.policy, policyOf(USERS, 'viewer', { more: 1 })));
    writing.push(exactly(`1 of ${USERS} differs, nothing is proven`, first, { gets: 5, puts: 1, rows: 1 }));
    for (const more of DIFFERING) {
      await callsOf(daemon, () => writeFile(daemon.policy, policyOf(USERS, 'viewer')));
      const calls = await callsOf(daemon, () => writeFile(daemon.policy, policyOf(USERS, 'viewer', { more })));
      writing.push(exactly(`${more} of ${USERS} differ`, calls, { gets: 4, puts: more, rows: more }));
    }
    return [
      exactly('idle run', idle, { gets: 2, puts: 0, rows: 0 }),
      exactly('idle run, a token is named', idleWithToken, { gets: 3, puts: 0, rows: 0 }),
      ...writing,
    ];
  } finally {
    await daemon.end();
  }
}

async function callsOf(daemon, act) {
  const ended = endedRuns(daemon);
  daemon.simulator.clearRequests();
  await act();
  await runsEnded(daemon, ended + 1);
  const requests = daemon.simulator.requests();
  const puts = requests.filter(({ method }) => method === 'PUT');
  return {
    gets: requests.filter(({ method }) => method === 'GET').length,
    puts: puts.length,
    rows: puts.reduce((sum, { body }) => sum + body.permissions.length, 0),
  };
}

function exactly(name, calls, due) {
  const text = ({ gets, puts, rows }) => `${gets} GETs, ${puts} PUTs, ${rows} rows`;
  return { name, measured: text(calls), budget: text(due), isMet: text(calls) === text(due) };
}

function runsEnded(daemon, count) {
  return until(() => endedRuns(daemon) >= count);
}

function endedRuns({ lines }) {
  return lines.filter((line) => line.event === 'run.ended').length;
}
