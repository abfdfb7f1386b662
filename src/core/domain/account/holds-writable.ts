import { isManaged, type Scope } from '../plan/desired-state.ts';
import { givenBy, isKnownLevel, LEVEL } from './access-level.ts';
import type { AccessRow, AccountAccess } from './actual-state.ts';
import { isWritableType } from './resource.ts';
import type { ResourceTree } from './resource-tree.ts';

/** Whether an access holds a row that this policy may write: who does counts for limits, or is an unlisted principal. */
export function holdsWritable(access: AccountAccess, tree: ResourceTree, scope: Scope): boolean {
  const isOwner = access.rows.some((row) => row.level === LEVEL.owner);
  if (!access.canUpdate || access.isOwnToken || isOwner) return false;
  return access.rows.some((row) => isWritable(row, tree, scope));
}

function isWritable(row: AccessRow, tree: ResourceTree, scope: Scope): boolean {
  const node = tree.find(row);
  if (!node?.shown || givenBy(row.level) === LEVEL.none || !isKnownLevel(row.level)) return false;
  return isWritableType(node.type) && node.tokenLevel >= LEVEL.admin && isManaged(scope, node);
}
