import type { PrincipalName } from '../account/principal.ts';
import { matchesName } from './name-pattern.ts';
import type { EmailPattern, PeopleAndResources, Policy } from './policy.ts';

/** The first entry of `ignore` or `observe` that lists a principal, by e-mail. Null if none does, and for tokens. */
export function entryListing({ people }: PeopleAndResources, name: PrincipalName): EmailPattern | null {
  if (!('email' in name)) return null;
  return people.find(({ pattern }) => matchesName(pattern, name.email)) ?? null;
}

/** Whether grantd plans what a principal gains and loses, and writes none of it: `observe` lists them, and `ignore` does not. */
export function isObservedName({ ignore, observe }: Pick<Policy, 'ignore' | 'observe'>, name: PrincipalName): boolean {
  return entryListing(observe, name) !== null && entryListing(ignore, name) === null;
}
