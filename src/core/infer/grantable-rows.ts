import {
  type AccessLevel,
  type GrantLevel,
  givenBy,
  isKnownLevel,
  LEVEL,
  levelName,
} from '../domain/account/access-level.ts';
import type { AccessRow } from '../domain/account/actual-state.ts';
import { inheritedLevel } from '../domain/account/effective-access.ts';
import { isWritableType, resourceKey } from '../domain/account/resource.ts';
import { nodeLabel, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import type { Found } from './import-notes.ts';
import { heldRows } from './held-rows.ts';

/** What a policy has to say, so that rows stay as they are; and what it cannot say of them. */
export interface WantedRows {
  /** Parents before their children. */
  readonly wants: ReadonlyMap<ResourceNode, GrantLevel>;
  readonly found: readonly Found[];
}

/**
 * The rows of one access as a policy would want them: the fewest that give the same. A row that a wanted row above gives
 * already is left out, and so is what no policy can say; both are told.
 */
export function wantedRows(rows: readonly AccessRow[], tree: ResourceTree, who: string): WantedRows {
  const found: Found[] = rows
    .filter((row) => !tree.find(row))
    .map((row) => ({ kind: 'unseen', item: `${who}: ${levelName(row.level)} on ${resourceKey(row)}` }));
  const levels = new Map<ResourceNode, AccessLevel>();
  for (const [node, level] of [...heldRows({ rows }, tree)].sort(([a], [b]) => a.index - b.index)) {
    const item = `${who}: ${levelName(level)} on ${nodeLabel(node)}`;
    const wanted = wantedLevel(node, level);
    if (wanted === 'type' || wanted === 'unknown-level' || wanted === 'indeterminate') {
      found.push({ kind: wanted, item });
    } else if (inheritedLevel(levels, node) >= wanted) {
      found.push({ kind: level > inheritedLevel(levels, node) ? 'viewer-plus' : 'redundant', item });
    } else {
      levels.set(node, wanted);
      if (level === LEVEL.viewerPlus) found.push({ kind: 'viewer-plus', item });
      if (node.tokenLevel < LEVEL.admin) found.push({ kind: 'token-below-admin', item: nodeLabel(node) });
    }
  }
  const wants = new Map(
    [...levels].map(([node, level]) => [node, level === LEVEL.admin ? 'admin' : 'viewer'] as const),
  );
  return { wants, found };
}

/** The level that keeps a row as it is: viewer for a 50, which stays wherever viewer is entitled. */
function wantedLevel(node: ResourceNode, level: AccessLevel): AccessLevel | 'type' | 'unknown-level' | 'indeterminate' {
  if (!isWritableType(node.type)) return 'type';
  if (givenBy(level) === LEVEL.none) return 'indeterminate';
  if (level === LEVEL.viewerPlus) return LEVEL.viewer;
  return isKnownLevel(level) ? level : 'unknown-level';
}
