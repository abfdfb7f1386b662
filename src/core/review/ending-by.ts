import type { AccessReview, ReviewEntry, ReviewHolder } from '../domain/answer/access-review.ts';
import type { Instant } from '../domain/text/instant.ts';
import { countReview } from './review-access.ts';

/**
 * The part of a review that ends up to a moment: what grants give at the moment of the review and no longer then. Who loses something
 * the soonest comes first.
 */
export function endingBy(review: AccessReview, end: Instant): AccessReview {
  const isEnding = ({ until }: ReviewEntry) => until !== null && until.at > review.asOf && until.at <= end;
  const holders: ReviewHolder[] = [];
  for (const holder of review.holders) {
    const entries = holder.entries.filter(isEnding).sort((a, b) => endOf(a) - endOf(b));
    if (entries.length > 0) holders.push({ ...holder, entries });
  }
  holders.sort((a, b) => firstEnd(a) - firstEnd(b));
  const counts = countReview(holders, review.counts.admins);
  return { ...review, endingBy: end, counts, holders, absent: [], ahead: [] };
}

function endOf({ until }: ReviewEntry): Instant {
  return (until as NonNullable<typeof until>).at;
}

function firstEnd({ entries }: ReviewHolder): Instant {
  return endOf(entries[0] as ReviewEntry);
}
