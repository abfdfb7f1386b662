import type { Place } from '../text/problem.ts';
import { matchesName } from './name-pattern.ts';
import type { UnlistedRule } from './policy.ts';

/** The line that takes the access of someone with this `emailKey` if no grant names them. Null: they keep it. */
export function revokedAt({ revoke, at }: UnlistedRule, key: string): Place | null {
  if (revoke === 'nobody') return null;
  if (revoke === 'everyone') return at;
  return revoke.find(({ pattern }) => matchesName(pattern, key))?.at ?? null;
}
