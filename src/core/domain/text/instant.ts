/** A moment in epoch milliseconds. Stages never read a clock: they are handed one of these. */
export type Instant = number;

/** A moment that a policy wrote: `at` is what it means, `text` how it was spelled. */
export interface WrittenInstant {
  readonly at: Instant;
  readonly text: string;
}

/** How far this clock and the API's may be apart before nothing is written: dates decide who holds what. */
export const CLOCK_SKEW_MOST_MS = 5 * 60 * 1000;

/** Whether dates cannot be trusted; an API that tells no time cannot show it. */
export function isSkewed(aheadMs: number | null): aheadMs is number {
  return aheadMs !== null && Math.abs(aheadMs) > CLOCK_SKEW_MOST_MS;
}

/** ISO 8601 in UTC, without milliseconds where they are zero. */
export function instantText(at: Instant): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
