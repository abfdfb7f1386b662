import fc from 'fast-check';

/** How many worlds each property sees: 1 000 in `npm test`, more where FAST_CHECK_RUNS says so. */
export const RUNS = Number(process.env['FAST_CHECK_RUNS'] ?? 1_000);

/** The same in every run of `npm test`, so that a red build is about the change; `npm run proof` draws a new one. FAST_CHECK_SEED repeats one. */
export const SEED = Number(process.env['FAST_CHECK_SEED'] ?? 20_261_128);

/** Checks a property over that many worlds, shrinking what fails. */
export function holds<T>(arbitrary: fc.Arbitrary<T>, check: (value: T) => void): void {
  fc.assert(
    fc.property(arbitrary, (value) => {
      check(value);
    }),
    { numRuns: RUNS, seed: SEED, verbose: fc.VerbosityLevel.None },
  );
}
