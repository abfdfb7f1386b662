import type { AccessLevel } from '../domain/account/access-level.ts';
import type { AccessRow } from '../domain/account/actual-state.ts';
import type { ResourceNode, ResourceTree } from '../domain/account/resource-tree.ts';
import type { Declared } from './declared-rows.ts';

/** What one subject holds and what the running grants declare for it, row by row. */
export interface SubjectRows {
  readonly actual: ReadonlyMap<ResourceNode, AccessLevel>;
  /** Rows on resources that the tree does not show. */
  readonly unseen: readonly AccessRow[];
  /** The highest level that a running grant gives on each resource. */
  readonly declared: Declared['levels'];
}

export function subjectRows(rows: readonly AccessRow[], declared: Declared, tree: ResourceTree): SubjectRows {
  const actual = new Map<ResourceNode, AccessLevel>();
  const unseen: AccessRow[] = [];
  for (const row of rows) {
    const node = tree.find(row);
    if (node) actual.set(node, Math.max(row.level, actual.get(node) ?? row.level));
    else unseen.push(row);
  }
  return { actual, unseen, declared: declared.levels };
}
