import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{test,proof}/**/*.test.ts'],
    // While it runs, the mutation tester keeps a copy of the repository there.
    exclude: ['**/node_modules/**', 'proof/mutation/**'],
    // For what hangs, not for what is slow: a test may take ten times as long on a machine that has other things to do.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // Many tests wait for processes, sockets and files more than they compute.
    maxWorkers: 3,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      // The core and the reports are pure, so nothing excuses a branch that no test takes.
      thresholds: { 'src/core/**': { branches: 100 }, 'src/report/**': { branches: 100 } },
    },
  },
});
