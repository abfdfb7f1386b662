/** How one check of `grantd doctor` ended. `unknown`: grantd could not find it out, and `found` says why. */
export const FINDING_STATUSES = ['ok', 'warn', 'fail', 'unknown'] as const;

/** One of `FINDING_STATUSES`. */
export type FindingStatus = (typeof FINDING_STATUSES)[number];

/** What one check found. */
export interface CheckResult {
  readonly check: string;
  /** The policy that the check is about; null for a check that runs once. */
  readonly policy: string | null;
  readonly status: FindingStatus;
  readonly found: string;
  /** What to do; null for `ok` and `unknown`. */
  readonly remedy: string | null;
}

/** The results as JSON (schemas/doctor.v1.schema.json). */
export function doctorToJson(results: readonly CheckResult[]): unknown {
  return {
    version: 1,
    healthy: results.every(({ status }) => status !== 'fail'),
    checks: results.map(({ check, policy, status, found, remedy }) => ({ check, policy, status, found, remedy })),
  };
}
