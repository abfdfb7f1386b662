import type { World } from '../../../test/support/arbitrary/world.ts';
import { everybody, reaches } from '../../../test/support/oracle.ts';

/**
 * Whether what somebody lost may be lost by an end that has come since the text was first saved, which may count towards no
 * limit. Also what a grant only kept, because a name in it is nowhere, is lost when it ends: so any end of theirs will do.
 */
export function mayBeLossByEnd({ policy, actual, now }: World, access: number, savedAt: number): boolean {
  const name = everybody(actual).find((one) => one.access === access)?.name;
  if (name === undefined) return false;
  const hasCome = (end: { readonly at: number } | null) => end !== null && end.at <= now && end.at > savedAt;
  if ('email' in name && policy.ends.some(({ email, end }) => email === name.email && hasCome(end))) return true;
  return policy.grants.some(({ to, until }) => hasCome(until) && reaches(to, name, policy));
}
