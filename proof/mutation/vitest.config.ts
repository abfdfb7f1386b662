import { defineConfig } from 'vitest/config';

/**
 * The tests that mutants are judged by: units and stories that the pure core answers alone. No properties: a mutant must fall
 * to a fact that somebody wrote down.
 */
export default defineConfig({
  test: {
    include: [
      'test/core/{domain,diff,guard,bind,resolve,explain,validate,compare,review,infer}/**/*.test.ts',
      'test/{story,report,adapters/snapshot}/**/*.test.ts',
      'test/daemon/{remember-run,restraints-now,superseded}.test.ts',
    ],
    exclude: ['**/*.property.test.ts'],
    testTimeout: 20_000,
    setupFiles: ['test/support/each-file.ts'],
    // Pure functions leave nothing behind, so the files need not be kept apart: a mutant is judged in a third of the time.
    isolate: false,
  },
});
