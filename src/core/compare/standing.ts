import { LEVEL } from '../domain/account/access-level.ts';
import type { PrincipalName } from '../domain/account/principal.ts';
import type { ComparedStatus, StatusChange, StatusOutcome } from '../domain/answer/comparison.ts';
import { matchesFolded } from '../domain/policy/name-pattern.ts';
import type { Policy } from '../domain/policy/policy.ts';
import type { Instant } from '../domain/text/instant.ts';
import type { Entry } from './entry.ts';
import { wordsOf } from './entry.ts';
import type { NamedHolder } from './held-grants.ts';

/** How somebody stands in a policy at a moment. */
export function standingOf(
  { ignore }: Policy,
  name: PrincipalName,
  holder: NamedHolder | undefined,
  now: Instant,
): ComparedStatus {
  if ('email' in name && ignore.people.some(({ pattern }) => matchesFolded(pattern, name.email))) return 'ignored';
  if (holder === undefined) return 'not-in-policy';
  return holder.namedFrom <= now ? 'named' : 'upcoming';
}

/** What becomes of somebody's access as a whole under a policy in which they stand so. */
export function outcomeOf(policy: Policy, name: PrincipalName, standing: ComparedStatus): StatusOutcome {
  if (standing === 'named') return policy.mode === 'additive' ? 'added-to' : 'made-equal';
  const isUnlisted = standing === 'not-in-policy' && 'email' in name;
  return isUnlisted && policy.unlisted.answer === 'revoke' && !isProtected(policy, name) ? 'loses' : 'keeps';
}

export function isProtected(policy: Policy, name: PrincipalName): boolean {
  return policy.protected.some((one) => JSON.stringify(one) === JSON.stringify(name));
}

/** What somebody was given now, the most first, for whoever reads what they keep or lose. */
export function gaveNow(entries: ReadonlyMap<string, Entry>): StatusChange['gave'] {
  const running = [...entries.values()].filter(({ course }) => course.now > LEVEL.none);
  return running
    .sort((a, b) => b.course.now - a.course.now || Number(b.ref.text === 'account') - Number(a.ref.text === 'account'))
    .map((entry) => ({ resource: wordsOf(entry), level: entry.course.now >= LEVEL.admin ? 'admin' : 'viewer' }));
}
