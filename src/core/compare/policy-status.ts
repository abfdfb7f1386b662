import { LEVEL } from '../domain/account/access-level.ts';
import { type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { ComparedStatus, StatusChange, StatusOutcome } from '../domain/answer/comparison.ts';
import { entryListing, isObservedName } from '../domain/policy/listed-people.ts';
import type { Policy } from '../domain/policy/policy.ts';
import { revokedAt } from '../domain/policy/revoked-at.ts';
import type { Instant } from '../domain/text/instant.ts';
import { type Entry, wordsOf } from './entry.ts';
import type { NamedPrincipal } from './named-principals.ts';

/** The status of a name in a policy at a moment. */
export function statusOf(
  { ignore }: Policy,
  name: PrincipalName,
  holder: NamedPrincipal | undefined,
  now: Instant,
): ComparedStatus {
  if (entryListing(ignore, name) !== null) return 'ignored';
  if (holder === undefined) return 'not-in-policy';
  return holder.namedFrom <= now ? 'named' : 'upcoming';
}

/**
 * What happens to all of a principal's access under a policy in which they have this status. An upcoming principal is treated
 * as `unlisted` says, but for what a grant that begins soon will give.
 */
export function statusOutcome(policy: Policy, name: PrincipalName, status: ComparedStatus): StatusOutcome {
  const isObserved = isObservedName(policy, name);
  if (status === 'named') return isObserved ? 'observed' : policy.mode === 'additive' ? 'added-to' : 'made-equal';
  if (status === 'ignored' || policy.mode === 'additive' || !('email' in name) || isProtected(policy, name))
    return 'keeps';
  if (revokedAt(policy.unlisted, name.email) === null) return 'keeps';
  return isObserved ? 'observed' : 'loses';
}

/** Whether the policy protects this name. */
export function isProtected(policy: Policy, name: PrincipalName): boolean {
  return policy.protected.some((one) => principalNameText(one) === principalNameText(name));
}

/** What a policy gives a principal now, highest level first, to show what they keep or lose. */
export function gaveNow(entries: ReadonlyMap<string, Entry>): StatusChange['gave'] {
  const running = [...entries.values()].filter(({ timeline }) => timeline.now > LEVEL.none);
  return running
    .sort(
      (a, b) => b.timeline.now - a.timeline.now || Number(b.ref.text === 'account') - Number(a.ref.text === 'account'),
    )
    .map((entry) => ({ resource: wordsOf(entry), level: entry.timeline.now >= LEVEL.admin ? 'admin' : 'viewer' }));
}
