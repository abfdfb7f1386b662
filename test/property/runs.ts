import fc from 'fast-check';

/** How many worlds each property sees: 300 in `npm test`, more where FAST_CHECK_RUNS says so. */
export const RUNS = Number(process.env['FAST_CHECK_RUNS'] ?? 300);

/**
 * The same in every run of `npm test`, so that a red build is about the change. `.ci/run` draws a new one beside it, and
 * `npm run proof` draws one too. FAST_CHECK_SEED repeats one.
 */
export const SEED = Number(process.env['FAST_CHECK_SEED'] ?? 20_261_128);

/** Checks a property over that many worlds, or over more if few of them say anything, shrinking what fails. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void, runs = RUNS): void {
  fc.assert(
    fc.property(arbitrary, (value) => {
      check(value);
    }),
    { numRuns: runs, seed: SEED, verbose: fc.VerbosityLevel.None },
  );
}
