import fc from 'fast-check';
import { RUNS, SEED } from './runs.ts';

/** A run over HTTP costs some milliseconds, so these properties see a share of the worlds that pure ones do. */
export const LIVE_RUNS = Math.ceil(RUNS * 0.2);

/** Far above what they take: a run that hangs must fail, and not stop the suite for good. */
export const LIVE_TIMEOUT_MS = 180_000 + LIVE_RUNS * 200;

/** Checks a property over that many cases, one after the other, shrinking what fails. */
export async function holdsLive<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => Promise<void>): Promise<void> {
  await fc.assert(fc.asyncProperty(arbitrary, check), {
    numRuns: LIVE_RUNS,
    seed: SEED,
    verbose: fc.VerbosityLevel.None,
  });
}
