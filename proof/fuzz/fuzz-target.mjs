import { Corpus, storedInputs } from './corpus.mjs';
import { causeOf } from './finding.mjs';
import { INPUT_BYTES_MOST, mutatorOf } from './mutate/mutate.mjs';
import { Random } from './random.mjs';

/** So many inputs share one look at the coverage; only where that shows something new is each of them run again. */
const BATCH = 64;

const TELL_EVERY_MS = 1_000;

/**
 * Changes inputs by chance, runs each, and keeps those that ran code which none before did.
 * @param {object} options `coverage` made before the target was loaded; `onInput` gets each input before it runs
 */
export async function fuzzTarget({
  target,
  coverage,
  seed,
  executions,
  minutes,
  findingsMost,
  onInput,
  onFinding,
  onProgress,
}) {
  const random = new Random(seed);
  const corpus = new Corpus();
  const mutate = mutatorOf(target);
  const causes = new Set();
  const deadline = Date.now() + minutes * 60_000;
  const counts = { executions: 0, slowestMs: 0 };
  let reportedAt = 0;

  const inputs = [...storedInputs(target).map(({ bytes }) => bytes), ...(target.seeds ?? [])];
  for (const bytes of inputs.length > 0 ? inputs : [Buffer.alloc(0)]) {
    await execute(bytes);
    coverage.look(true);
    if (bytes.length <= INPUT_BYTES_MOST) corpus.add(bytes, random);
  }
  while (counts.executions < executions && Date.now() < deadline && causes.size < findingsMost) {
    const batch = [];
    for (let n = Math.min(BATCH, executions - counts.executions); n > 0; n -= 1) {
      const bytes = mutate(corpus.pick(random), random, corpus.pick(random));
      batch.push(bytes);
      await execute(bytes);
    }
    if (coverage.look(false)) await keepFresh(batch);
    tell();
  }
  await target.close?.();
  return { ...counts, corpus: corpus.size, ...coverage.size, findings: causes.size };

  async function execute(bytes) {
    counts.executions += 1;
    await attempt(bytes);
  }

  async function attempt(bytes) {
    onInput(bytes);
    const began = performance.now();
    try {
      await target.check(bytes);
    } catch (error) {
      const cause = causeOf(error);
      if (!causes.has(cause)) onFinding(bytes, error, counts.executions);
      causes.add(cause);
    }
    counts.slowestMs = Math.max(counts.slowestMs, performance.now() - began);
  }

  /** Not counted as executions: they are the same inputs. */
  async function keepFresh(batch) {
    for (const bytes of batch) {
      await attempt(bytes);
      if (coverage.look(true)) corpus.add(bytes, random);
    }
  }

  function tell() {
    if (Date.now() - reportedAt < TELL_EVERY_MS) return;
    reportedAt = Date.now();
    onProgress({ ...counts, corpus: corpus.size });
  }
}
