/** A moment in epoch milliseconds. The core never reads a clock; it takes the present as an argument. */
export type Instant = number;

/** A moment in a policy: `at` is its meaning, `text` its spelling. */
export interface WrittenInstant {
  readonly at: Instant;
  readonly text: string;
}

/** The largest difference to the API's clock with which grantd still writes, in ms. Dates decide who has what. */
export const CLOCK_SKEW_MOST_MS = 5 * 60 * 1000;

/** Whether the clock difference is too large to trust dates. Null (the API sent no time) is not too large. */
export function isSkewed(aheadMs: number | null): aheadMs is number {
  return aheadMs !== null && Math.abs(aheadMs) > CLOCK_SKEW_MOST_MS;
}

/** ISO 8601 in UTC, without milliseconds if they are zero. */
export function instantText(at: Instant): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
