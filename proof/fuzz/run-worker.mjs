import { Worker } from 'node:worker_threads';
import { saveCrash } from './finding.mjs';
import { largeInputs } from './large-inputs.mjs';
import { LARGE_BYTES_MOST } from './mutate/mutate.mjs';
import { DIST } from './open-target.mjs';

/** An input takes milliseconds. Whatever takes this long does not end, also on a machine that has other things to do. */
const HANG_AFTER_MS = 60_000;
const LOOK_EVERY_MS = 2_000;

/** Beyond this many different failures a target only repeats itself. */
const FINDINGS_MOST = 10;

/** The heap that a process in a container of 256Mi can have, and the stack, which is that of a process. */
const MEMORY = { maxOldGenerationSizeMb: 192, stackSizeMb: 1 };

/**
 * Fuzzes one target in a thread, as it is built in `dist`. Whatever ends the thread is a finding: the input that it ran is kept.
 * @returns {Promise<{ result: object | null, findings: object[] }>} no result where the thread was ended
 */
export function runWorker(job, onProgress) {
  const { name, findingsMost = FINDINGS_MOST, dist = DIST } = job;
  const shared = new SharedArrayBuffer(8 + LARGE_BYTES_MOST);
  const state = new Int32Array(shared, 0, 2);
  const findings = [];
  const worker = new Worker(new URL('worker.mjs', import.meta.url), {
    // Bytes are outside of the heap of the thread; texts would take from what its target may use.
    workerData: { ...job, findingsMost, dist, shared, large: largeInputs(name) },
    resourceLimits: MEMORY,
  });
  return new Promise((resolve) => {
    let result = null;
    let last = { begun: 0, at: Date.now() };
    const watch = setInterval(() => {
      const begun = Atomics.load(state, 0);
      if (begun !== last.begun) last = { begun, at: Date.now() };
      else if (Date.now() - last.at > HANG_AFTER_MS) endWith(`no end after ${HANG_AFTER_MS / 1000} seconds`);
    }, LOOK_EVERY_MS);
    worker.on('message', (message) => {
      if (message.kind === 'progress') onProgress(message);
      if (message.kind === 'finding') keep(Buffer.from(message.bytes), message.text, message.executions);
      if (message.kind === 'done') result = message.result;
    });
    worker.on('error', (error) => endWith(error.stack ?? String(error)));
    worker.on('exit', (code) => {
      clearInterval(watch);
      if (result === null && findings.length === 0) keep(lastInput(), `the thread ended with ${code}`);
      resolve({ result, findings });
    });

    function endWith(text) {
      keep(lastInput(), text);
      void worker.terminate();
    }

    function keep(bytes, text, executions = Atomics.load(state, 0)) {
      findings.push({ ...saveCrash(name, bytes), text, executions });
    }

    function lastInput() {
      return Buffer.from(new Uint8Array(shared, 8, Math.min(state[1], LARGE_BYTES_MOST)));
    }
  });
}
