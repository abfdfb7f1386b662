import { type AccessLevel, givenBy, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import type { AccessRow } from '../domain/account/actual-state.ts';
import { coveringChain, type Rows } from '../domain/account/effective-access.ts';

import { ancestorsOf, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import { rowsByNode } from '../domain/account/rows-by-node.ts';
import type { Reach } from '../domain/answer/explanation.ts';
import type { MemberEntitlement } from '../domain/plan/bound-entitlement.ts';

import { type PlanResource, planResource, unseenResource } from '../domain/plan/plan-resource.ts';

/**
 * The highest level of each resource on which someone has a row, as far as the tree shows it. The owner of the organization
 * of the account (recorded: a row that no tree shows) owns the account.
 */
export function actualRows(rows: readonly AccessRow[], tree: ResourceTree): Rows {
  return rowsByNode(
    rows.map((row) =>
      row.type === 'organization' && row.level === LEVEL.owner
        ? { type: 'account', id: tree.root.id, level: row.level }
        : row,
    ),
    tree,
  );
}

/** The highest level that running grants declare on each resource. */
export function entitledRows(running: readonly MemberEntitlement[]): Rows {
  const highest = new Map<ResourceNode, AccessLevel>();
  for (const { bound } of running) {
    for (const { node, level } of bound.rows)
      highest.set(node, Math.max(toAccessLevel(level), highest.get(node) ?? LEVEL.none));
  }
  return highest;
}

/**
 * The level on a resource, the nearest row that gives it, and what a row of the account may give beyond that. A role in the
 * organization gives what the same row on the account would.
 */
export function reachOf(rows: Rows, node: ResourceNode, role: AccessRow | null = null): Reach {
  const certain = strongest(rows, coveringChain(node), role);
  const greatest = strongest(rows, [node, ...ancestorsOf(node)], role);
  const isMore = greatest.by !== null && greatest.level > certain.level;
  return {
    level: certain.level,
    by: certain.by,
    perhaps: isMore ? { level: greatest.level, by: greatest.by } : null,
  };
}

function strongest(
  rows: Rows,
  chain: readonly ResourceNode[],
  role: AccessRow | null,
): { readonly level: AccessLevel; readonly by: PlanResource | null } {
  let level: AccessLevel = LEVEL.none;
  let by: ResourceNode | null = null;
  for (const node of chain) {
    const given = givenBy(rows.get(node) ?? LEVEL.none);
    if (given <= level) continue;
    level = given;
    by = node;
  }
  if (role !== null && role.level > level && chain.at(-1)?.parent === null)
    return { level: role.level, by: unseenResource(role) };
  return { level, by: by && planResource(by) };
}
