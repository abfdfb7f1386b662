import type { BoundEntitlement } from '../domain/plan/bound-entitlement.ts';
import type { Unresolved, UnresolvedReason } from '../domain/plan/unresolved.ts';
import type { ResourceRef } from '../domain/policy/resource-ref.ts';
import { comparePlaces, placeText } from '../domain/text/problem.ts';

/** Where an unresolved name can stand. */
interface UnresolvedIn {
  /** The running grants of those whom grantd may write. */
  readonly grants: Iterable<BoundEntitlement>;
  /** In `manage`, `observe` and `ignore`. */
  readonly scope: readonly ResourceRef[];
  readonly never: readonly ResourceRef[];
}

/**
 * The names that wait until they match one resource, each once, by place: whether the account is as the policy says, nobody can
 * say before.
 */
export function unresolvedNames({ grants, scope, never }: UnresolvedIn): readonly Unresolved[] {
  const byPlace = new Map<string, Unresolved>();
  const add = (refs: readonly ResourceRef[], reason: UnresolvedReason) => {
    for (const { text, at } of refs) byPlace.set(`${placeText(at)} ${reason} ${text}`, { reason, name: text, at });
  };
  for (const bound of grants) {
    add(bound.unresolved, 'unresolved-name');
    add(bound.unresolvedExcept, 'unresolved-except');
  }
  add(scope, 'unresolved-scope');
  add(never, 'unresolved-never');
  return [...byPlace.values()].sort((a, b) => comparePlaces(a.at, b.at));
}
