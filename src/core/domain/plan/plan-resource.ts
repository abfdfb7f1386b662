import { nodeLabel, type ResourceNode } from '../account/resource-tree.ts';
import type { PlanResource } from './plan.ts';

/** A resource of the tree as plans and answers name it. */
export function planResource(node: ResourceNode): PlanResource {
  return { type: node.type, id: node.id, label: nodeLabel(node) };
}
