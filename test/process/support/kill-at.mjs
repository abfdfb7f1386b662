/**
 * Loaded ahead of grantd by tests: ends the process with SIGKILL at its N-th boundary. A boundary lies before and after
 * each bulk PUT, and before and after each call that writes state or audit log to the disk. grantd itself knows nothing
 * of it.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';

const killAt = Number(process.env.KILL_AT ?? 0);
const countFile = process.env.KILL_COUNT_FILE;
let passed = 0;

function boundary() {
  passed += 1;
  if (countFile) fs.writeFileSync(countFile, String(passed));
  if (passed === killAt) process.kill(process.pid, 'SIGKILL');
}

function around(owner, name) {
  const original = owner[name];
  owner[name] = async function call(...args) {
    boundary();
    const result = await original.apply(this, args);
    boundary();
    return result;
  };
}

const plainFetch = globalThis.fetch;
globalThis.fetch = async (url, init) => {
  if (init?.method !== 'PUT') return plainFetch(url, init);
  boundary();
  const answer = await plainFetch(url, init);
  boundary();
  return answer;
};

const handle = await fs.promises.open(process.execPath, 'r');
const prototype = Object.getPrototypeOf(handle);
await handle.close();
for (const name of ['write', 'writeFile', 'appendFile', 'datasync', 'sync', 'truncate']) around(prototype, name);
for (const name of ['rename', 'appendFile', 'writeFile', 'rm', 'unlink']) around(fs.promises, name);
syncBuiltinESMExports();
