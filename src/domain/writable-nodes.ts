import { givenBy, isKnownLevel, LEVEL } from './access-level.ts';
import type { AccountAccess } from './actual-state.ts';
import { isManaged, type Scope } from './desired-state.ts';
import { isWritableType } from './resource.ts';
import type { ResourceNode, ResourceTree } from './resource-tree.ts';

/** The resources on which an access holds a row that this policy may write: who holds one counts for limits, or is a stranger. */
export function writableNodes(access: AccountAccess, tree: ResourceTree, scope: Scope): readonly ResourceNode[] {
  const isOwner = access.rows.some((row) => row.level === LEVEL.owner);
  if (!access.canUpdate || access.isOwnToken || isOwner) return [];
  return access.rows.flatMap((row) => {
    const node = tree.find(row);
    if (!node?.shown || givenBy(row.level) === LEVEL.none || !isKnownLevel(row.level)) return [];
    return isWritableType(node.type) && node.tokenLevel >= LEVEL.admin && isManaged(scope, node) ? [node] : [];
  });
}
