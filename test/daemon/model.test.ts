import fc from 'fast-check';
import { describe, it } from 'vitest';
import { RUNS, SEED } from '../property/runs.ts';
import { playCourse } from './support/play-course.ts';
import { arbitraryCourse } from './support/steps.ts';

/** A course costs some hundred milliseconds, so this sees a share of what the pure properties do. */
const COURSES = Math.ceil(RUNS * 0.15);
const STEPS_MOST = 30;

/** Far above what they take: a course that hangs must fail, and not stop the suite for good. */
const TIMEOUT_MS = 180_000 + COURSES * 2_000;

describe(`the daemon through random courses of events (seed ${SEED})`, { timeout: TIMEOUT_MS }, () => {
  it('does nothing that it must not, and ends right once all is well', async () => {
    await fc.assert(fc.asyncProperty(arbitraryCourse(STEPS_MOST), playCourse), {
      numRuns: COURSES,
      seed: SEED,
      verbose: fc.VerbosityLevel.None,
    });
  });
});
