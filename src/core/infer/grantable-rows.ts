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
import { rowsByNode } from '../domain/account/rows-by-node.ts';
import type { NoteItem } from './import-notes.ts';

/** The levels that grants have to give so that rows stay as they are, and notes about rows that no grant can express. */
export interface GrantableRows {
  /** Parents before their children. */
  readonly levels: ReadonlyMap<ResourceNode, GrantLevel>;
  readonly notes: readonly NoteItem[];
}

/**
 * The fewest grants that give the same access as these rows. Rows that a row above already covers are left out, and so are
 * rows that no policy can express. The notes list both.
 */
export function grantableRows(rows: readonly AccessRow[], tree: ResourceTree, who: string): GrantableRows {
  const notes: NoteItem[] = rows
    .filter((row) => !tree.find(row))
    .map((row) => ({ kind: 'unseen', item: `${who}: ${levelName(row.level)} on ${resourceKey(row)}` }));
  const levels = new Map<ResourceNode, AccessLevel>();
  for (const [node, level] of [...rowsByNode(rows, tree)].sort(([a], [b]) => a.index - b.index)) {
    const item = `${who}: ${levelName(level)} on ${nodeLabel(node)}`;
    const grantable = grantableLevel(node, level);
    if (grantable === 'type' || grantable === 'unknown-level' || grantable === 'indeterminate') {
      notes.push({ kind: grantable, item });
    } else if (inheritedLevel(levels, node) >= grantable) {
      notes.push({ kind: level > inheritedLevel(levels, node) ? 'viewer-plus' : 'redundant', item });
    } else {
      levels.set(node, grantable);
      if (level === LEVEL.viewerPlus) notes.push({ kind: 'viewer-plus', item });
      if (node.tokenLevel < LEVEL.admin) notes.push({ kind: 'token-below-admin', item: nodeLabel(node) });
    }
  }
  return {
    levels: new Map([...levels].map(([node, level]) => [node, level === LEVEL.admin ? 'admin' : 'viewer'] as const)),
    notes,
  };
}

/** The level that keeps a row as it is: viewer for a 50, which grantd leaves alone where viewer is entitled. */
function grantableLevel(
  node: ResourceNode,
  level: AccessLevel,
): AccessLevel | 'type' | 'unknown-level' | 'indeterminate' {
  if (!isWritableType(node.type)) return 'type';
  if (givenBy(level) === LEVEL.none) return 'indeterminate';
  if (level === LEVEL.viewerPlus) return LEVEL.viewer;
  return isKnownLevel(level) ? level : 'unknown-level';
}
