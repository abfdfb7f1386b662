import { type AccessLevel, givenBy, LEVEL, toAccessLevel } from '../domain/account/access-level.ts';
import type { AccessRow } from '../domain/account/actual-state.ts';
import { coveringParent, type Rows } from '../domain/account/effective-access.ts';
import { ancestorsOf, nodeLabel, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import type { Reach } from '../domain/answer/explanation.ts';
import type { MemberEntitlement } from '../domain/plan/desired-state.ts';
import type { PlanResource } from '../domain/plan/plan.ts';

export function toPlanResource(node: ResourceNode): PlanResource {
  return { type: node.type, id: node.id, label: nodeLabel(node) };
}

/**
 * The highest level of each resource that somebody holds a row on, as far as the tree shows it. The owner of the
 * organization that the account belongs to (recorded: a row that no tree shows) owns the account.
 */
export function rowsHeld(rows: readonly AccessRow[], tree: ResourceTree): Rows {
  return highestRows(
    rows.flatMap((row) => {
      const node = row.type === 'organization' && row.level === LEVEL.owner ? tree.root : tree.find(row);
      return node ? [[node, row.level] as const] : [];
    }),
  );
}

/** The highest level that running grants declare on each resource. */
export function rowsEntitled(running: readonly MemberEntitlement[]): Rows {
  const rows = running.flatMap(({ bound }) => bound.rows);
  return highestRows(rows.map(({ node, level }) => [node, toAccessLevel(level)] as const));
}

function highestRows(rows: readonly (readonly [ResourceNode, AccessLevel])[]): Rows {
  const highest = new Map<ResourceNode, AccessLevel>();
  for (const [node, level] of rows) highest.set(node, Math.max(level, highest.get(node) ?? LEVEL.none));
  return highest;
}

/** The level on a resource and the nearest row that gives it; and what a row of the account may give beyond that. */
export function reachOf(rows: Rows, node: ResourceNode): Reach {
  const certain = strongest(rows, coveringChain(node));
  const greatest = strongest(rows, [node, ...ancestorsOf(node)]);
  const isMore = greatest.by !== null && greatest.level > certain.level;
  return {
    level: certain.level,
    by: certain.by,
    perhaps: isMore ? { level: greatest.level, by: greatest.by } : null,
  };
}

/** The resource and those above it whose rows surely reach it, nearest first. */
export function coveringChain(node: ResourceNode): readonly ResourceNode[] {
  const parent = coveringParent(node);
  return parent ? [node, ...coveringChain(parent)] : [node];
}

function strongest(
  rows: Rows,
  chain: readonly ResourceNode[],
): { readonly level: AccessLevel; readonly by: PlanResource | null } {
  let level: AccessLevel = LEVEL.none;
  let by: ResourceNode | null = null;
  for (const node of chain) {
    const given = givenBy(rows.get(node) ?? LEVEL.none);
    if (given <= level) continue;
    level = given;
    by = node;
  }
  return { level, by: by && toPlanResource(by) };
}
