import type { ResolvedPolicy } from '../core/domain/policy/entitlement.ts';
import type { Instant } from '../core/domain/text/instant.ts';

/** The next moment after `now` at which a grant of the policy begins or ends for somebody; null where none is ahead. */
export function nextBoundary({ policy, entitlements }: ResolvedPolicy, now: Instant): Instant | null {
  const moments = [
    ...policy.grants.flatMap(({ from, until }) => [from, until]),
    ...policy.ends.map(({ end }) => end),
    ...entitlements.flatMap((entitlement) => entitlement.holders.map((holder) => holder.until)),
  ];
  return moments.reduce<Instant | null>((next, moment) => {
    if (moment === null || moment.at <= now) return next;
    return next === null ? moment.at : Math.min(next, moment.at);
  }, null);
}
