import type { Instant } from '../core/domain/text/instant.ts';

/** The waits of a loop, in milliseconds. */
export interface Pacing {
  /** Between the starts of two runs. */
  readonly minIntervalMs: number;
  /** The longest random delay of the first run and of scheduled runs, so that many daemons do not call the API at once. */
  readonly startJitterMs: number;
  /** After so long a run starts no further write. */
  readonly runTimeoutMs: number;
  /** So much later grantd ends the work in flight. */
  readonly runGraceMs: number;
  /** How often grantd reads the policy file, even without events. */
  readonly pollIntervalMs: number;
}

const RETRY_FIRST_MS = 5_000;
const RETRY_MOST_MS = 15 * 60 * 1000;

/** How long to wait after so many failures in a row: it doubles, and up to half of it is random. `random` is 0 up to 1. */
export function backoffMs(failures: number, random: () => number): number {
  const wholeMs = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(wholeMs * (1 - random() / 2));
}

/** When to retry after a failure; null if the schedule comes first anyway. */
export function retryAt(
  failures: number,
  now: Instant,
  scheduleAt: Instant | null,
  random: () => number,
): Instant | null {
  const at = now + backoffMs(failures, random);
  return scheduleAt !== null && scheduleAt > now && scheduleAt <= at ? null : at;
}
