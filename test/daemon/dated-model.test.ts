import fc from 'fast-check';
import { describe, it } from 'vitest';
import { RUNS, SEED } from '../property/runs.ts';
import { arbitraryDatedCourse, playDatedCourse } from './support/dated-course.ts';

/** A course costs about a second, since days pass in it. */
const COURSES = Math.ceil(RUNS * 0.02);

describe(`dates through the daemon, with restarts and lost state (seed ${SEED})`, { timeout: 600_000 }, () => {
  it('never take or give more within 24 hours than the limits allow', async () => {
    await fc.assert(fc.asyncProperty(arbitraryDatedCourse, playDatedCourse), {
      numRuns: COURSES,
      seed: SEED,
      verbose: fc.VerbosityLevel.None,
    });
  });
});
