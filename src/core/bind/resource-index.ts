import type { ResourceType } from '../domain/account/resource.ts';
import type { ResourceNode, ResourceTree } from '../domain/account/resource-tree.ts';
import { isExact, matchesName, type NamePattern } from '../domain/policy/name-pattern.ts';
import type { ResourceSelector } from '../domain/policy/resource-ref.ts';
import { foldAscii } from '../domain/text/text.ts';
import { type ResourceFinder, resourceFinder } from './nearest-resource.ts';

/** Finds the resources of a tree that a selector of the policy matches, without walking the tree for each selector. */
export interface ResourceIndex {
  readonly tree: ResourceTree;
  ofType(type: ResourceType): readonly ResourceNode[];
  select(selector: ResourceSelector): readonly ResourceNode[];
  /** The resource whose name is nearest to the one that a selector names. Null if none is near. */
  readonly nearest: ResourceFinder;
}

/** Indexes a tree by type and name. */
export function indexResources(tree: ResourceTree): ResourceIndex {
  const byType = groupBy(tree.nodes, (node) => node.type);
  const byName = groupBy(tree.nodes, nameKey);
  const ofType = (type: ResourceType): readonly ResourceNode[] => byType.get(type) ?? [];

  function select(selector: ResourceSelector): readonly ResourceNode[] {
    if (selector.type === 'account') return [tree.root];
    if ('id' in selector) {
      const found = tree.find(selector);
      return found ? [found] : [];
    }
    if (!('name' in selector)) return ofType(selector.type);
    if (selector.type === 'inbox') return selectInboxes(selector.project, selector.name);
    const name = selector.type === 'domain' ? foldPattern(selector.name) : selector.name;
    if (isExact(name)) return byName.get(`${selector.type} ${name.text}`) ?? [];
    return ofType(selector.type).filter((node) => matchesName(name, comparableName(node)));
  }

  function selectInboxes(project: NamePattern, name: NamePattern): readonly ResourceNode[] {
    const isNamed = isExact(name);
    const candidates = isNamed ? (byName.get(`inbox ${name.text}`) ?? []) : ofType('inbox');
    return candidates.filter(
      (node) =>
        node.parent?.type === 'project' &&
        matchesName(project, node.parent.name) &&
        (isNamed || matchesName(name, node.name)),
    );
  }

  return { tree, ofType, select, nearest: resourceFinder(ofType) };
}

function nameKey(node: ResourceNode): string {
  return `${node.type} ${comparableName(node)}`;
}

/** The form of a name for comparison: in NFC, and for a domain with folded ASCII case. */
function comparableName(node: ResourceNode): string {
  const name = node.name.normalize('NFC');
  return node.type === 'domain' ? foldAscii(name) : name;
}

function foldPattern(pattern: NamePattern): NamePattern {
  return { text: foldAscii(pattern.text), parts: pattern.parts.map(foldAscii) };
}

function groupBy<K>(
  nodes: readonly ResourceNode[],
  keyOf: (node: ResourceNode) => K,
): ReadonlyMap<K, readonly ResourceNode[]> {
  const groups = new Map<K, ResourceNode[]>();
  for (const node of nodes) {
    const key = keyOf(node);
    const group = groups.get(key);
    if (group) group.push(node);
    else groups.set(key, [node]);
  }
  return groups;
}
