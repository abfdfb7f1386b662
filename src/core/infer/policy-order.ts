import { type ResourceType, resourceKey } from '../domain/account/resource.ts';
import type { ResourceNode } from '../domain/account/resource-tree.ts';
import { compareText } from '../domain/text/text.ts';

const TYPES: readonly ResourceType[] = ['account', 'billing', 'campaigns', 'project', 'inbox', 'domain'];

/** The order in which somebody reads a policy: the account first, each project before its inboxes, domains last. */
export function compareForPolicy(a: ResourceNode, b: ResourceNode): number {
  return compareText(sortKey(a), sortKey(b));
}

function sortKey(node: ResourceNode): string {
  const top = node.type === 'inbox' && node.parent ? node.parent : node;
  const own = top === node ? '' : `${node.name} ${node.id}`;
  return [TYPES.indexOf(top.type), top.name, top.id, own, resourceKey(node)].join('\u0000');
}
