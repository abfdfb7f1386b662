import fc from 'fast-check';
import { expect } from 'vitest';

/** How many worlds each property sees: 300 in `npm test`, more where FAST_CHECK_RUNS says so. */
export const RUNS = Number(process.env['FAST_CHECK_RUNS'] ?? 300);

/**
 * The same in every run of `npm test`, so that a red build is about the change. `.ci/run` draws a new one beside it, and
 * `npm run proof` draws one too. FAST_CHECK_SEED repeats one.
 */
export const SEED = Number(process.env['FAST_CHECK_SEED'] ?? 20_261_128);

/**
 * Expects that the worlds of `npm test` showed what a property is about more than `least` times, so that it cannot pass by looking
 * at nothing. How often a drawn seed shows it is chance, and says nothing about grantd.
 */
export function expectSeen(times: number, least: number, what?: string): void {
  if (process.env['FAST_CHECK_SEED'] === undefined) expect(times, what).toBeGreaterThan(least);
}

/** Checks a property over that many worlds, or over more if few of them say anything, shrinking what fails. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, runs = RUNS): void {
  fc.assert(
    fc.property(arbitrary, (value) => {
      check(value);
    }),
    { numRuns: runs, seed: SEED, verbose: fc.VerbosityLevel.None },
  );
}
