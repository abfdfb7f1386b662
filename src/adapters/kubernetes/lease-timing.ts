/**
 * How long each step of an election takes, all of it from one number: how long a Lease lasts. The holder gives up well
 * before anybody else may begin, and begins no write that could outlast its hold.
 */
export interface LeaseTiming {
  /** After how long without a change another replica may take it. */
  readonly durationMs: number;
  /** For how long from the sending of its last renewal the holder counts on it. */
  readonly holdMs: number;
  /** A write begins only with at least so much of the hold left. */
  readonly writeLeastMs: number;
  /** Between two renewals, and between two looks at somebody else's Lease. */
  readonly everyMs: number;
  /** For one request. */
  readonly requestMs: number;
  /** How much longer a replica waits, before it takes a free Lease, for each one that it holds already. */
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
 * How long a replica leaves a free Lease to the others: longer, the more it holds already, so that accounts spread over
 * replicas, and by chance, so that two that hold as many do not ask at one moment. `random` is 0 up to 1.
 */
export function spreadDelayMs({ spreadMs }: LeaseTiming, heldHere: number, random: number): number {
  return (Math.min(heldHere, SPREAD_MOST) + random) * spreadMs;
}
