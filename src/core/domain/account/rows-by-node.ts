import type { AccessLevel } from './access-level.ts';
import type { AccessRow } from './actual-state.ts';
import type { Rows } from './effective-access.ts';
import type { ResourceNode, ResourceTree } from './resource-tree.ts';

/** The level of each row that the tree shows: of several rows on one resource, the highest. Rows on other resources are left out. */
export function rowsByNode(rows: readonly AccessRow[], tree: ResourceTree): Rows {
  const highest = new Map<ResourceNode, AccessLevel>();
  for (const row of rows) {
    const node = tree.find(row);
    if (node) highest.set(node, Math.max(row.level, highest.get(node) ?? row.level));
  }
  return highest;
}
