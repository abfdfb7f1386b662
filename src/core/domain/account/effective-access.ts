import { type AccessLevel, givenBy, LEVEL } from './access-level.ts';
import type { ResourceNode } from './resource-tree.ts';

/** What one principal holds, or should hold, row by row. */
export type Rows = ReadonlyMap<ResourceNode, AccessLevel>;

/**
 * The nearest node whose row reaches `node` as far as rows are concerned. A parent covers its children and there is no
 * deny (documented), but nothing documents that the account's row reaches billing or campaigns, so theirs stand alone.
 */
export function coveringParent(node: ResourceNode): ResourceNode | null {
  if ((node.type === 'billing' || node.type === 'campaigns') && node.parent?.type === 'account') return null;
  return node.parent;
}

/** Whether a row on `top` reaches `node`, as far as is documented. */
export function isCoveredBy(node: ResourceNode, top: ResourceNode): boolean {
  for (let at: ResourceNode | null = node; at; at = coveringParent(at)) if (at === top) return true;
  return false;
}

/** The highest level that `rows` give on `node`: its own row or that of a node which covers it. Relies on no undocumented reach. */
export function effectiveLevel(rows: Rows, node: ResourceNode): AccessLevel {
  return highest(rows, node, coveringParent);
}

/** The highest level from above alone: what the node would have without a row of its own. */
export function inheritedLevel(rows: Rows, node: ResourceNode): AccessLevel {
  const parent = coveringParent(node);
  return parent ? effectiveLevel(rows, parent) : LEVEL.none;
}

/**
 * The most that `rows` could give on `node`: here the account's row covers everything. For invariants and tests, where
 * doubt must count as access.
 */
export function greatestLevel(rows: Rows, node: ResourceNode): AccessLevel {
  return highest(rows, node, (at) => at.parent);
}

function highest(rows: Rows, node: ResourceNode, up: (at: ResourceNode) => ResourceNode | null): AccessLevel {
  let level: AccessLevel = LEVEL.none;
  for (let at: ResourceNode | null = node; at; at = up(at)) {
    level = Math.max(level, givenBy(rows.get(at) ?? LEVEL.none));
  }
  return level;
}
