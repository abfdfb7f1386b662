import type { Instant } from '../core/domain/text/instant.ts';

/** How a loop paces itself, in milliseconds. */
export interface Pacing {
  /** Between the starts of two runs. */
  readonly minIntervalMs: number;
  /** The first run, and each scheduled one, begins up to so much later, so that many daemons do not ask at one moment. */
  readonly startJitterMs: number;
  /** After so long a run begins no further write. */
  readonly runTimeoutMs: number;
  /** So much later what is in flight is cut off. */
  readonly runGraceMs: number;
  /** How often the policy file is read whatever its watch says. */
  readonly pollIntervalMs: number;
}

const RETRY_FIRST_MS = 5_000;
const RETRY_MOST_MS = 15 * 60 * 1000;

/** How long to wait after so many failures in a row: doubling, with up to half of it left to chance. `random` is 0 up to 1. */
export function backoffMs(failures: number, random: () => number): number {
  const wholeMs = Math.min(RETRY_MOST_MS, RETRY_FIRST_MS * 2 ** Math.min(failures - 1, 16));
  return Math.round(wholeMs * (1 - random() / 2));
}

/** When to try again after a failure; null where the schedule comes first anyway. */
export function retryAt(
  failures: number,
  now: Instant,
  scheduleAt: Instant | null,
  random: () => number,
): Instant | null {
  const at = now + backoffMs(failures, random);
  return scheduleAt !== null && scheduleAt > now && scheduleAt <= at ? null : at;
}
