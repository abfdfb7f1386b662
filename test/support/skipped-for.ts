import type { TestContext } from 'vitest';

declare module 'vitest' {
  interface TaskMeta {
    /** Why it is skipped. The JSON of Vitest has it, and `.ci/run` counts by it. */
    skipped?: string;
  }
}

/** The options of tests that this machine cannot run for a reason; null if it can. */
export function skippedFor(reason: string | null): { skip?: true; meta?: { skipped: string } } {
  return reason === null ? {} : { skip: true, meta: { skipped: reason.replace(/^skipped(: |, since )/, '') } };
}

/** Ends the test that runs, for a reason that it found. */
export function skipFor({ task, skip }: TestContext, reason: string): never {
  Object.assign(task.meta, skippedFor(reason).meta);
  return skip(reason);
}

/** Root may do what the test wants to see refused. */
export const whyNotAsRoot: string | null =
  process.getuid?.() === 0 ? 'root may read and write everything; run it as another user' : null;
