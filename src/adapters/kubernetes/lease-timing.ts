/**
 * How long each step of an election takes, computed from the duration of a Lease. The leader gives up well before another
 * replica may begin, and begins no write that could outlast its term.
 */
export interface LeaseTiming {
  /** After this time without a change, another replica may take the Lease. */
  readonly durationMs: number;
  /** How long the leader counts on the Lease after it sent its last renewal. */
  readonly holdMs: number;
  /** A write begins only if the leader has at least this time left. */
  readonly writeLeastMs: number;
  /** Between two renewals, and between two looks at the Lease of another replica. */
  readonly everyMs: number;
  /** For one request. */
  readonly requestMs: number;
  /** How much longer a replica waits before it takes a free Lease, for each Lease that it leads already. */
  readonly spreadMs: number;
}

/** The most Leases that make a replica wait longer for the next. */
export const SPREAD_MOST = 5;

export function leaseTiming(durationMs: number): LeaseTiming {
  return {
    durationMs,
    holdMs: durationMs * 0.8,
    writeLeastMs: durationMs * 0.2,
    everyMs: durationMs / 6,
    requestMs: Math.min(10_000, durationMs / 4),
    spreadMs: durationMs / 10,
  };
}

/**
 * How long a replica leaves a free Lease to the others. The more it leads already, the longer, so that accounts spread over
 * replicas. `random`, 0 up to 1, keeps two replicas that lead as many from asking at the same moment.
 */
export function spreadDelayMs({ spreadMs }: LeaseTiming, leading: number, random: number): number {
  return (Math.min(leading, SPREAD_MOST) + random) * spreadMs;
}
