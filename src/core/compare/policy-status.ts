import { LEVEL } from '../domain/account/access-level.ts';
import { type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { ComparedStatus, StatusChange, StatusOutcome } from '../domain/answer/comparison.ts';
import { matchesName } from '../domain/policy/name-pattern.ts';
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
  if ('email' in name && ignore.people.some(({ pattern }) => matchesName(pattern, name.email))) return 'ignored';
  if (holder === undefined) return 'not-in-policy';
  return holder.namedFrom <= now ? 'named' : 'upcoming';
}

/** What happens to all of a principal's access under a policy in which they have this status. */
export function statusOutcome(policy: Policy, name: PrincipalName, status: ComparedStatus): StatusOutcome {
  if (status === 'named') return policy.mode === 'additive' ? 'added-to' : 'made-equal';
  if (status !== 'not-in-policy' || !('email' in name) || isProtected(policy, name)) return 'keeps';
  return revokedAt(policy.unlisted, name.email) === null ? 'keeps' : 'loses';
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
