// One target in a thread of its own, so that whoever started it can end it: an input may hang, or take all memory.
import { parentPort, workerData } from 'node:worker_threads';
import { Coverage } from './coverage.mjs';
import { fuzzTarget } from './fuzz-target.mjs';
import { LARGE_BYTES_MOST } from './mutate/mutate.mjs';
import { openTarget } from './open-target.mjs';

const { name, seed, executions, minutes, findingsMost, dist, shared, large } = workerData;
/** How many inputs were begun, how long the last one is, and its bytes. */
const state = new Int32Array(shared, 0, 2);
const input = new Uint8Array(shared, 8);

const coverage = new Coverage((url) => url.startsWith(dist));
const target = await openTarget(name, (path) => import(`${dist}${path}.js`));
const result = await fuzzTarget({
  target,
  large: large.map(({ buffer, byteOffset, length }) => Buffer.from(buffer, byteOffset, length)),
  coverage,
  seed,
  executions,
  minutes,
  findingsMost,
  onInput: (bytes) => {
    input.set(bytes.subarray(0, Math.min(input.length, LARGE_BYTES_MOST)));
    state[1] = bytes.length;
    Atomics.add(state, 0, 1);
  },
  onFinding: (bytes, error, executions) =>
    parentPort.postMessage({ kind: 'finding', bytes, executions, text: error?.stack ?? String(error) }),
  onProgress: (progress) => parentPort.postMessage({ kind: 'progress', ...progress }),
});
parentPort.postMessage({ kind: 'done', result });
