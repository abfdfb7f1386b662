import { type AccessLevel, type GrantLevel, toAccessLevel } from '../account/access-level.ts';
import type { ResourceNode } from '../account/resource-tree.ts';
import type { EntitledResource, Entitlement } from '../policy/entitlement.ts';
import type { ResourceRef } from '../policy/resource-ref.ts';
import type { WrittenInstant } from '../text/instant.ts';

/** One row that a grant gives, on a resource of the account: the first of those with one level. */
export interface BoundRow {
  readonly node: ResourceNode;
  readonly level: GrantLevel;
  readonly from: EntitledResource;
}

/** A grant bound to the resources of the account. All members of the grant share one value, and grants of one role their rows. */
export interface BoundEntitlement {
  readonly entitlement: Entitlement;
  readonly rows: readonly BoundRow[];
  /** For its unresolved names: the resources that each may mean, with everything above and below them. Grants share the sets. */
  readonly kept: ReadonlySet<ReadonlySet<ResourceNode>>;
  /** The unresolved names among its resources. */
  readonly unresolved: readonly ResourceRef[];
  /** The unresolved names in `except`. As long as there is one, grantd changes no one whom the grant reaches. Empty for a team's. */
  readonly unresolvedExcept: readonly ResourceRef[];
  /** What its team may decide. Null: the grant is one of the root file. */
  readonly reach: TeamReach | null;
}

/** A bound grant that reaches a name. `memberNamed` says how. All names with the same grants share one list of them. */
export interface MemberEntitlement {
  readonly bound: BoundEntitlement;
}

/** A grant that has ended for a member. */
export interface EndedEntitlement extends MemberEntitlement {
  readonly until: WrittenInstant;
}

/** What a team may decide, bound to the resources of an account. */
export interface TeamReach {
  /** What its `may` names, with everything below. */
  readonly within: ReadonlySet<ResourceNode>;
  /** What an unresolved name of `may` may mean, with everything below. */
  readonly doubts: ReadonlySet<ResourceNode>;
  /** The unresolved names of `may`, as written. */
  readonly unresolved: readonly string[];
  readonly upTo: AccessLevel;
}

/** The highest level that some grants give on each resource. */
export function levelsOfGrants(grants: readonly MemberEntitlement[]): ReadonlyMap<ResourceNode, AccessLevel> {
  const levels = new Map<ResourceNode, AccessLevel>();
  for (const { bound } of grants) {
    for (const { node, level } of bound.rows) levels.set(node, Math.max(toAccessLevel(level), levels.get(node) ?? 0));
  }
  return levels;
}
