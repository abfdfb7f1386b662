import type { AccessLevel } from '../domain/account/access-level.ts';
import type { AccountAccess, ActualState } from '../domain/account/actual-state.ts';
import { nameOf, type PrincipalName, principalNameText } from '../domain/account/principal.ts';
import type { ResourceNode, ResourceTree } from '../domain/account/resource-tree.ts';

/** What an access holds on the resources that the tree shows, the highest of several rows on one. */
export function heldRows(
  { rows }: Pick<AccountAccess, 'rows'>,
  tree: ResourceTree,
): ReadonlyMap<ResourceNode, AccessLevel> {
  const held = new Map<ResourceNode, AccessLevel>();
  for (const row of rows) {
    const node = tree.find(row);
    if (node) held.set(node, Math.max(row.level, held.get(node) ?? row.level));
  }
  return held;
}

/** Everything that stands under one e-mail: a user, and perhaps a pending invite. */
export function accessesOf(name: PrincipalName, { accesses }: ActualState): readonly AccountAccess[] {
  if (!('email' in name)) return [];
  return accesses.filter(
    ({ principal }) => principal.kind !== 'token' && principalNameText(nameOf(principal)) === name.email,
  );
}
