import type { Instant, WrittenInstant } from '../text/instant.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** For how long after a date grantd counts what it changed, together with what later dates change, in ms. */
export const COUNTED_TOGETHER_MS = DAY_MS;

/** How far a plan looks ahead at what begins and ends, in ms. */
export const LOOK_AHEAD_MS = 30 * DAY_MS;

/** Whether a date lies so near that a plan looks at it. */
export function isNear(date: WrittenInstant | null, now: Instant): boolean {
  return date !== null && date.at > now - COUNTED_TOGETHER_MS && date.at <= now + LOOK_AHEAD_MS;
}
