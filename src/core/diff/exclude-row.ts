import { type AccessLevel, isKnownLevel, LEVEL } from '../domain/account/access-level.ts';
import { isWritableType } from '../domain/account/resource.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import type { Scope, Subject } from '../domain/plan/desired-state.ts';
import type { RowExcluded } from '../domain/plan/plan.ts';

/** One row that the policy wants otherwise. */
export interface UnwantedRow {
  readonly node: ResourceNode;
  readonly has: AccessLevel;
  /** What the policy wants there, by the row's own declaration or from above. */
  readonly entitled: AccessLevel;
  readonly direction: 'up' | 'down';
}

/** Why nothing may write the row, or null where it may be written. This is the whole list of what is never written. */
export function excludeRow(row: UnwantedRow, subject: Subject, scope: Scope): RowExcluded | null {
  const { node, has, entitled, direction } = row;
  if (subject.excluded !== null) return subject.excluded;
  if (subject.isProtected && direction === 'down') return 'protected';
  if (!isWritableType(node.type)) return 'type';
  if (!node.shown) return 'not-shown';
  if (node.tokenLevel < LEVEL.admin) return 'token-below-admin';
  if (scope.ignored.has(node)) return 'ignored';
  if (scope.managed !== null && !scope.managed.has(node)) return 'outside-manage';
  if (!isKnownLevel(has)) return 'level';
  return has === LEVEL.viewerPlus && direction === 'down' && entitled > LEVEL.none ? 'level' : null;
}
