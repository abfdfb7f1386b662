/** A moment in epoch milliseconds. Stages never read a clock: they are handed one of these. */
export type Instant = number;

/** A moment that a policy wrote: `at` is what it means, `text` how it was spelled. */
export interface WrittenInstant {
  readonly at: Instant;
  readonly text: string;
}

/** ISO 8601 in UTC, without milliseconds where they are zero. */
export function instantText(at: Instant): string {
  return new Date(at).toISOString().replace('.000Z', 'Z');
}
