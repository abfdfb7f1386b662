import type { SpentApproval } from '../domain/account/approval-memory.ts';
import type { Instant } from '../domain/text/instant.ts';

const DAY_MS = 86_400_000;

/** How long a suggested approval lasts: time to review and merge it, and no longer. */
const DAYS = 7;

/**
 * The last day of an approval that a plan suggests: in a week, or the first later day on which no spent approval of the same
 * digest ends. With the same end it would be that approval again.
 */
export function suggestedUntil(digest: string, now: Instant, spent: readonly SpentApproval[]): string {
  const ends = new Set(spent.filter((one) => one.digest === digest).map(({ until }) => until));
  let day = Math.floor(now / DAY_MS) + DAYS;
  // A date includes its day, so the approval ends as the next one begins.
  while (ends.has((day + 1) * DAY_MS)) day += 1;
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
