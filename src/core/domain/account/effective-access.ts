import { type AccessLevel, givenBy, LEVEL } from './access-level.ts';
import type { ResourceNode } from './resource-tree.ts';

/** The rows that one principal has, or should have. */
export type Rows = ReadonlyMap<ResourceNode, AccessLevel>;

/**
 * The nearest node above whose row also covers `node`, or null. A parent covers its children and there is no deny
 * (documented). No document says that the account's row covers billing or campaigns, so those two have no covering
 * parent.
 */
export function coveringParent(node: ResourceNode): ResourceNode | null {
  if ((node.type === 'billing' || node.type === 'campaigns') && node.parent?.type === 'account') return null;
  return node.parent;
}

/** The resource, and those above it whose rows certainly reach it, nearest first. */
export function coveringChain(node: ResourceNode): readonly ResourceNode[] {
  const chain: ResourceNode[] = [];
  for (let at: ResourceNode | null = node; at; at = coveringParent(at)) chain.push(at);
  return chain;
}

/** Whether a row on `top` covers `node`, as far as Mailtrap documents it. */
export function isCoveredBy(node: ResourceNode, top: ResourceNode): boolean {
  for (let at: ResourceNode | null = node; at; at = coveringParent(at)) if (at === top) return true;
  return false;
}

/** The highest level that `rows` give on `node`, by its own row or by a node that covers it (documented coverage only). */
export function effectiveLevel(rows: Rows, node: ResourceNode): AccessLevel {
  return highest(rows, node, coveringParent);
}

/** The highest level that comes from above: the level of the node without its own row. */
export function inheritedLevel(rows: Rows, node: ResourceNode): AccessLevel {
  const parent = coveringParent(node);
  return parent ? effectiveLevel(rows, parent) : LEVEL.none;
}

/**
 * The highest level that `rows` could give on `node`, assuming that the account's row covers everything. Invariants and
 * tests use it, because they must count doubt as access.
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
