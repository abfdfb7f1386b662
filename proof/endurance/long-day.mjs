import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startSimulator } from '../../dist/simulator/start-simulator.js';
import { Daemon, vitalsOf } from './daemon.mjs';
import { faster } from './fast-time.mjs';
import { loadHttp } from './http-load.mjs';
import { Entitlements, emailOf, seedOf } from './workload.mjs';

const ACCOUNT = 3229;
const PEOPLE = 50;
const TOKEN = { name: 'grantd', secret: 'endurance-token-of-grantd' };
const SAMPLE_EVERY_MS = 1_000;
/** An edit that is not in the account by then, in real time, is lost. */
const EDIT_WITHIN_S = 60;
const DRIFT_EVERY = 20;

/** One daemon through many hours of its own time: edits, drift, requests. Returns what was measured. */
export async function liveLongDay({ directory, hours, edits, requests, factor }) {
  const clock = { factor, originMs: Date.now() };
  const durationMs = (hours * 3_600_000) / factor;
  const simulator = await startSimulator({
    seed: seedOf(ACCOUNT, PEOPLE, TOKEN),
    now: () => faster(Date.now(), clock),
    requestsKept: 1_000,
  });
  const entitlements = new Entitlements(PEOPLE);
  const policy = join(directory, 'policy.yaml');
  writeFileSync(policy, entitlements.policyText(ACCOUNT));
  const args = [policy, '--api-url', simulator.url, '--state-dir', join(directory, 'state')];
  // Timeouts are of the daemon's time; what the machine does meanwhile is of the machine's.
  const pace = ['--http-address', '127.0.0.1:0', '--request-timeout-ms', String(10_000 * factor)];
  const daemon = new Daemon([...args, ...pace], { cwd: directory, env: { MAILTRAP_API_TOKEN: TOKEN.secret }, clock });
  try {
    await daemon.until(() => entitlements.missing(simulator, ACCOUNT) === 0, 'the account is as the first policy says');
    const measured = await disturb({ simulator, entitlements, policy, daemon, durationMs, edits, requests });
    await daemon.until(() => entitlements.missing(simulator, ACCOUNT) === 0, 'the account is as the last policy says');
    const counted = await countRequests(simulator, daemon);
    await daemon.stop();
    return { ...measured, ...counted, hours, factor, edits, audit: join(directory, 'state', `audit-${ACCOUNT}.jsonl`) };
  } finally {
    await daemon.kill();
    await simulator.close();
  }
}

async function disturb({ simulator, entitlements, policy, daemon, durationMs, edits, requests }) {
  const samples = [];
  const answers = [];
  const editMs = [];
  const beganMs = performance.now();
  let isOver = false;
  const sampling = (async () => {
    while (!isOver) {
      samples.push({ atMs: performance.now() - beganMs, ...vitalsOf(daemon.pid) });
      await pause(SAMPLE_EVERY_MS);
    }
  })();
  const loading = loadHttp(daemon.address, { count: requests, durationMs, isOver: () => isOver }, (answer) =>
    answers.push({ ...answer, atMs: performance.now() - beganMs }),
  );
  try {
    for (let turn = 0; turn < edits; turn += 1) {
      const waitMs = beganMs + (turn / edits) * durationMs - performance.now();
      if (waitMs > 0) await pause(waitMs);
      if (turn % DRIFT_EVERY === 0) drift(simulator, turn);
      editMs.push(await edit({ simulator, entitlements, policy, daemon }, turn));
    }
    await loading;
  } finally {
    isOver = true;
    await Promise.allSettled([sampling, loading]);
  }
  return { samples, answers, editMs };
}

/** Saves the policy as an editor does, and waits until the account shows it. Returns how long that took, in real time. */
async function edit({ simulator, entitlements, policy, daemon }, turn) {
  const person = entitlements.change(turn);
  const beganMs = performance.now();
  writeFileSync(`${policy}.new`, entitlements.policyText(ACCOUNT, `edit ${turn}`));
  renameSync(`${policy}.new`, policy);
  await daemon.until(
    () => entitlements.isHeld(simulator, ACCOUNT, person),
    `edit ${turn} is in the account`,
    EDIT_WITHIN_S,
  );
  return performance.now() - beganMs;
}

/**
 * Somebody else gives a person a row that no policy grants; the next run takes it back. Each time it is the next person: what is
 * undone three times a day is contested.
 */
function drift(simulator, turn) {
  const who = emailOf((turn / DRIFT_EVERY) % PEOPLE);
  simulator.writeAsSomebodyElse({ act: 'set-row', who, type: 'inbox', id: 21, level: 100 });
}

/** What the daemon's metrics count, and what the account was asked; a run may be under way, so they are looked at until they agree. */
async function countRequests(simulator, { address }) {
  for (let tries = 0; ; tries += 1) {
    const text = await (await fetch(`http://${address}/metrics`)).text();
    const counted = sumOf(text, 'grantd_api_requests_total');
    const asked = simulator.requests().length + simulator.droppedRequests();
    if (counted === asked || tries === 200) return { counted, asked, runs: sumOf(text, 'grantd_reconcile_total') };
    await pause(50 + (tries % 7) * 20);
  }
}

function sumOf(metrics, name) {
  const values = metrics.split('\n').filter((line) => line.startsWith(`${name}{`));
  return values.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}
