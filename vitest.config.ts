import { relative } from 'node:path';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Folders whose files leave nothing behind in the process that runs them, so that they may share one and what it has imported.
 * A file of any other folder has a process of its own.
 */
const SHARING = ['core', 'report', 'story', 'adapters', 'platform', 'simulator', 'run', 'incidents', 'cli'];

/** The folders whose files take longest: whoever comes last should be short. */
const SLOWEST_FIRST = ['process', 'cluster', 'property', 'chart', 'action', 'image'];

const ALL = '**/*.test.ts';
const shared = SHARING.map((folder) => `test/${folder}/${ALL}`);

/** The slowest folders come first, and the files that share a process one after the other. */
class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => rankOf(a) - rankOf(b));
  }
}

function rankOf({ moduleId, project }: TestSpecification): number {
  const [, folder = ''] = relative(project.config.root, moduleId).split('/');
  const rank = SLOWEST_FIRST.indexOf(folder);
  if (rank >= 0) return rank;
  return SLOWEST_FIRST.length + (project.config.isolate ? 0 : 1);
}

/** What holds for every file. A project that extended all of this file would no longer heed `--maxWorkers`. */
const EVERY = {
  // For what hangs, not for what is slow: a test may take ten times as long on a machine that has other things to do.
  testTimeout: 180_000,
  hookTimeout: 180_000,
  setupFiles: ['test/support/each-file.ts'],
};

export default defineConfig({
  test: {
    // Many tests wait for processes, sockets and files more than they compute.
    maxWorkers: 3,
    sequence: { sequencer: SlowestFirst },
    projects: [
      {
        test: {
          ...EVERY,
          name: 'apart',
          include: [`{test,proof}/${ALL}`],
          // While it runs, the mutation tester keeps a copy of the repository there.
          exclude: ['**/node_modules/**', 'proof/mutation/**', ...shared],
        },
      },
      { test: { ...EVERY, name: 'sharing', include: shared, isolate: false } },
    ],
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary', 'json-summary'],
      // The core and the reports are pure, so nothing excuses a branch that no test takes.
      thresholds: { 'src/core/**': { branches: 100 }, 'src/report/**': { branches: 100 } },
    },
  },
});
