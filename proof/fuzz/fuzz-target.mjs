import { Corpus, storedInputs } from './corpus.mjs';
import { causeOf } from './finding.mjs';
import { repeatPart } from './mutate/bytes.mjs';
import { LARGE_BYTES_MOST, mutatorOf, SMALL_BYTES_MOST } from './mutate/mutate.mjs';
import { Random } from './random.mjs';

/** So many inputs share one look at the coverage; only where that shows something new is each of them run again. */
const BATCH = 64;

/** One input of so many is large. The first comes early, so that a short run has one too. */
const LARGE_EVERY = 200;
const LARGE_FIRST = 40;

const TELL_EVERY_MS = 1_000;

/**
 * Changes inputs by chance, runs each, and keeps those that ran code which none before did.
 * @param {object} options `coverage` made before the target was loaded; `large` are inputs of up to 1 MiB that are run when
 * their turn comes; `onInput` gets each input before it runs
 */
export async function fuzzTarget({
  target,
  large,
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
  const largeCorpus = new Corpus();
  const waiting = [...large];
  const mutate = mutatorOf(target);
  const causes = new Set();
  const deadline = Date.now() + minutes * 60_000;
  const counts = { executions: 0, slowestMs: 0 };
  let reportedAt = 0;

  const inputs = [...storedInputs(target).map(({ bytes }) => bytes), ...(target.seeds ?? [])];
  for (const bytes of inputs.length > 0 ? inputs : [Buffer.alloc(0)]) {
    await execute(bytes);
    coverage.look(true);
    remember(bytes);
  }
  while (counts.executions < executions && Date.now() < deadline && causes.size < findingsMost) {
    const batch = [];
    for (let n = Math.min(BATCH, executions - counts.executions); n > 0; n -= 1) {
      const bytes = counts.executions % LARGE_EVERY === LARGE_FIRST ? nextLarge() : nextSmall();
      batch.push(bytes);
      await execute(bytes);
    }
    if (coverage.look(false)) await keepFresh(batch);
    tell();
  }
  await target.close?.();
  return { ...counts, corpus: corpus.size + largeCorpus.size, ...coverage.size, findings: causes.size };

  function nextSmall() {
    return mutate(corpus.pick(random), random, corpus.pick(random));
  }

  /** One that waits, as it is; else one that was there before, changed, or a small one made large. */
  function nextLarge() {
    if (waiting.length > 0 && random.isLucky(0.7)) {
      const [bytes] = waiting.splice(random.below(waiting.length), 1);
      remember(bytes);
      return bytes;
    }
    if (largeCorpus.size === 0 || random.isLucky(0.5)) return repeatPart(corpus.pick(random), random, LARGE_BYTES_MOST);
    return mutate(largeCorpus.pick(random), random, corpus.pick(random), LARGE_BYTES_MOST);
  }

  function remember(bytes) {
    (bytes.length > SMALL_BYTES_MOST ? largeCorpus : corpus).add(bytes, random);
  }

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
      if (coverage.look(true)) remember(bytes);
    }
  }

  function tell() {
    if (Date.now() - reportedAt < TELL_EVERY_MS) return;
    reportedAt = Date.now();
    onProgress({ ...counts, corpus: corpus.size + largeCorpus.size });
  }
}
