import type { Place } from '../text/problem.ts';
import { matchesFolded } from './name-pattern.ts';
import type { UnlistedRule } from './policy.ts';

/** The line that takes the access of someone with this e-mail if no grant names them. Null: they keep it. */
export function revokedAt({ revoke, at }: UnlistedRule, email: string): Place | null {
  if (revoke === 'nobody') return null;
  if (revoke === 'everyone') return at;
  return revoke.find(({ pattern }) => matchesFolded(pattern, email))?.at ?? null;
}
