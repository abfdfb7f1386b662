import { type Place, placeText } from '../text/problem.ts';

/** Where in the policy a name stands that matches no resource, or several. Changes that wait for it have the same reason. */
export const UNRESOLVED_REASONS = [
  'unresolved-name',
  'unresolved-except',
  'unresolved-scope',
  'unresolved-never',
] as const;
/** One of `UNRESOLVED_REASONS`. */
export type UnresolvedReason = (typeof UNRESOLVED_REASONS)[number];

/** A name of the policy that matches no resource, or several. It waits until it matches one, whether a change waits for it or not. */
export interface Unresolved {
  readonly reason: UnresolvedReason;
  /** As written. */
  readonly name: string;
  readonly at: Place;
}

/** `project:Webb (access.yaml:6:10) and 2 more names match no resource, or several`; null if every name matches one. */
export function unresolvedText(unresolved: readonly Unresolved[]): string | null {
  const [first] = unresolved;
  if (first === undefined) return null;
  const one = `${first.name} (${placeText(first.at)})`;
  const more = unresolved.length - 1;
  if (more === 0) return `${one} matches no resource, or several`;
  return `${one} and ${more} more ${more === 1 ? 'name' : 'names'} match no resource, or several`;
}
