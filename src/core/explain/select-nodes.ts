import { compareNodes, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import { matchesDomain, matchesName } from '../domain/policy/name-pattern.ts';
import type { ResourceRef, ResourceSelector } from '../domain/policy/resource-ref.ts';

/** The resources that a question is about: every match, even if a policy would require exactly one. */
export function selectNodes({ selector }: ResourceRef, tree: ResourceTree): readonly ResourceNode[] {
  return tree.nodes.filter((node) => fits(selector, node)).sort(compareNodes);
}

function fits(selector: ResourceSelector, node: ResourceNode): boolean {
  if (selector.type !== node.type) return false;
  if ('id' in selector) return selector.id === node.id;
  switch (selector.type) {
    case 'project':
      return matchesName(selector.name, node.name);
    case 'domain':
      return matchesDomain(selector.name, node.name);
    case 'inbox':
      return (
        node.parent?.type === 'project' &&
        matchesName(selector.project, node.parent.name) &&
        matchesName(selector.name, node.name)
      );
    default:
      return true;
  }
}
