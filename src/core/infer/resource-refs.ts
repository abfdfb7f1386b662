import { type ResourceType, resourceKey } from '../domain/account/resource.ts';
import type { ResourceNode, ResourceTree } from '../domain/account/resource-tree.ts';
import type { Remarked } from '../domain/policy/imported-policy.ts';
import { oddVisible } from '../domain/text/odd-characters.ts';
import { foldAscii } from '../domain/text/text.ts';

/** The longest text for a resource in a policy. */
const TEXT_MAX = 250;

/** Writes a resource as a policy does. */
export type RefOfResource = (node: ResourceNode) => Remarked;

/**
 * Writes each resource by its name if the name matches this resource only, otherwise by its id, with the name and the reason
 * in a remark. It counts the names in the whole tree, because a policy can only tell apart what the tree shows.
 */
export function resourceRefs(tree: ResourceTree): RefOfResource {
  const counts = new Map<string, number>();
  const ofType = new Map<ResourceType, number>();
  for (const node of tree.nodes) {
    const name = refText(node);
    if (name !== null) counts.set(name, (counts.get(name) ?? 0) + 1);
    ofType.set(node.type, (ofType.get(node.type) ?? 0) + 1);
  }
  return (node) => {
    if (node.type === 'account') return { text: 'account', remark: null };
    if (node.type === 'billing' || node.type === 'campaigns') {
      const count = ofType.get(node.type);
      return count === 1 ? { text: node.type, remark: null } : byId(node, `one of ${count}`);
    }
    const name = refText(node);
    if (name === null) return byId(node, 'a policy cannot spell this name');
    const count = counts.get(name) as number;
    if (count > 1) return byId(node, `one of ${count} with this name`);
    return { text: name, remark: null };
  };
}

function byId(node: ResourceNode, why: string): Remarked {
  const above = node.type === 'inbox' ? `${node.parent?.name}/` : '';
  return { text: resourceKey(node), remark: `${above}${node.name} (${why})` };
}

/** The name as a policy spells it, in the form in which names are compared; null if a policy cannot spell it. */
function refText({ type, name, parent }: ResourceNode): string | null {
  if (type === 'inbox') {
    if (parent?.type !== 'project' || !isSpellable(name) || !isSpellable(parent.name)) return null;
    if (name.includes('/') || parent.name.includes('/')) return null;
    return fitting(`inbox:${parent.name}/${name}`);
  }
  if ((type !== 'project' && type !== 'domain') || !isSpellable(name)) return null;
  return fitting(type === 'domain' ? `domain:${foldAscii(name)}` : `project:${name}`);
}

function fitting(text: string): string | null {
  const normal = text.normalize('NFC');
  return normal.length <= TEXT_MAX ? normal : null;
}

/**
 * Stricter than the policy language: a name that a reader could misread is written by id. That includes digits alone, which
 * look like an id, and names with invisible characters or odd spaces.
 */
function isSpellable(name: string): boolean {
  return (
    name !== '' &&
    name === oddVisible(name) &&
    !/^#|[*\ufffd\p{C}]|^[0-9]+$/u.test(name) &&
    !/^["'“‘].*["'”’]$/.test(name)
  );
}
