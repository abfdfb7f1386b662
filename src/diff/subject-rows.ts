import { type AccessLevel, toAccessLevel } from '../domain/access-level.ts';
import type { AccessRow } from '../domain/actual-state.ts';
import type { Subject } from '../domain/desired-state.ts';
import type { ResourceNode, ResourceTree } from '../domain/resource-tree.ts';

/** What one subject holds and what the running grants declare for it, row by row. */
export interface SubjectRows {
  readonly holds: ReadonlyMap<ResourceNode, AccessLevel>;
  /** Rows on resources that the tree does not show. */
  readonly unseen: readonly AccessRow[];
  /** The highest level that a running grant gives on each resource. */
  readonly declared: ReadonlyMap<ResourceNode, AccessLevel>;
}

export function subjectRows(subject: Subject, tree: ResourceTree): SubjectRows {
  const holds = new Map<ResourceNode, AccessLevel>();
  const unseen: AccessRow[] = [];
  for (const row of subject.access.rows) {
    const node = tree.find(row);
    if (node) holds.set(node, Math.max(row.level, holds.get(node) ?? row.level));
    else unseen.push(row);
  }
  const declared = new Map<ResourceNode, AccessLevel>();
  for (const { bound } of subject.running) {
    for (const { node, level } of bound.rows) {
      declared.set(node, Math.max(toAccessLevel(level), declared.get(node) ?? 0));
    }
  }
  return { holds, unseen, declared };
}
