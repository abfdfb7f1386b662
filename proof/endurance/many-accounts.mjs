import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startSimulator } from '../../dist/simulator/start-simulator.js';
import { Daemon, vitalsOf } from './daemon.mjs';
import { Entitlements, seedOf } from './workload.mjs';

const PEOPLE = 20;
const FIRST = 5_000;
const IDLE_WATCHED_MS = 5_000;

/** What may be wrong with an account, and what makes it so. */
const ILLS = ['its policy is invalid', 'its token is refused', 'its API answers 500'];

/** One process that keeps so many accounts, of which `ill` are broken in different ways. Returns what was measured. */
export async function keepManyAccounts({ directory, accounts, ill }) {
  mkdirSync(directory, { recursive: true });
  const all = Array.from({ length: accounts }, (_, index) =>
    placeOf(directory, FIRST + index, ILLS[index - accounts + ill]),
  );
  const simulator = await startSimulator({ seed: all.map(({ seed }) => seed), requestsKept: 100_000 });
  for (const { illness, token } of all) {
    if (illness === ILLS[2])
      simulator.inject({ kind: 'status', status: 500, times: 'always', match: { token: token.name } });
  }
  const settings = join(directory, 'grantd.yaml');
  writeFileSync(settings, settingsText(all, simulator.url));
  const daemon = new Daemon(['--settings', settings], { cwd: directory });
  const well = all.filter(({ illness }) => illness === undefined);
  try {
    await daemon.until(() => simulator.requests().length > 0, 'the first request');
    await daemon.until(allRight(simulator, well), 'every account that is well is as its policy says');
    const allRightMs = performance.now() - daemon.startedMs;
    await daemon.until(() => daemon.count('run.ended') >= well.length, 'every run has ended');
    const afterStart = simulator.requests().length;
    const editedMs = await editAll(well, simulator, daemon);
    const idle = await watchIdle(daemon);
    const wrong = all.filter(({ illness, account }) => illness !== undefined && holdsAnything(simulator, account));
    await daemon.stop();
    return {
      accounts,
      ill,
      people: PEOPLE,
      allRightMs,
      editedMs,
      afterStart,
      wrong: wrong.length,
      ...idle,
    };
  } finally {
    await daemon.kill();
    await simulator.close();
  }
}

function placeOf(directory, account, illness) {
  const token = { name: `token-${account}`, secret: `endurance-secret-${account}` };
  const entitlements = new Entitlements(PEOPLE);
  const [policy, tokenFile] = [join(directory, `${account}.yaml`), join(directory, `${account}.token`)];
  writeFileSync(policy, illness === ILLS[0] ? 'version: 1\n' : entitlements.policyText(account));
  writeFileSync(tokenFile, illness === ILLS[1] ? 'nobody-knows-this-token' : token.secret, { mode: 0o600 });
  return { account, illness, token, entitlements, policy, tokenFile, seed: seedOf(account, PEOPLE, token) };
}

function settingsText(all, apiUrl) {
  return [
    `apiUrl: ${apiUrl}`,
    'stateDir: state',
    'httpAddress: 127.0.0.1:0',
    'accounts:',
    ...all.map(({ policy, tokenFile }) => `  - { policy: ${policy}, tokenFile: ${tokenFile} }`),
    '',
  ].join('\n');
}

/** Whether every account is as its policy says; one that was is not looked at again. */
function allRight(simulator, well) {
  let left = well;
  return () => {
    left = left.filter(({ account, entitlements }) => entitlements.missing(simulator, account) > 0);
    return left.length === 0;
  };
}

/** One edit of every policy at once; how long until every account shows it. */
async function editAll(well, simulator, daemon) {
  const beganMs = performance.now();
  for (const { account, entitlements, policy } of well) {
    entitlements.change(0);
    writeFileSync(policy, entitlements.policyText(account, 'edited'));
  }
  await daemon.until(allRight(simulator, well), 'the edit of every policy is in its account');
  return performance.now() - beganMs;
}

/** What it takes to do nothing, once the runs are over. */
async function watchIdle(daemon) {
  await pause(IDLE_WATCHED_MS / 2);
  const before = vitalsOf(daemon.pid);
  await pause(IDLE_WATCHED_MS);
  const { residentMb, descriptors, processorMs } = vitalsOf(daemon.pid);
  return { residentMb, descriptors, idlePercent: ((processorMs - before.processorMs) / IDLE_WATCHED_MS) * 100 };
}

function holdsAnything(simulator, account) {
  return simulator.state(account).accesses.some(({ who, rows }) => who.startsWith('person') && rows.length > 0);
}
