import { defineConfig } from 'vitest/config';

/** Layers 0 and 1 are pure, so nothing excuses a branch that no test takes. */
const PURE = ['domain', 'document', 'validate', 'resolve', 'bind', 'diff', 'guard', 'explain', 'compare', 'report'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Many tests wait for processes, sockets and files more than they compute.
    maxWorkers: 3,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      thresholds: Object.fromEntries(PURE.map((folder) => [`src/${folder}/**`, { branches: 100 }])),
    },
  },
});
