import { type ResourceId, resourceKey } from '../account/resource.ts';
import { nodeLabel, type ResourceNode } from '../account/resource-tree.ts';

/** A resource of a plan: type and id for the API, and a label for people. */
export interface PlanResource extends ResourceId {
  readonly label: string;
}

/** A resource of the tree as plans and answers name it. */
export function planResource(node: ResourceNode): PlanResource {
  return { type: node.type, id: node.id, label: nodeLabel(node) };
}

/** A resource that no tree shows: only its id is known. */
export function unseenResource({ type, id }: ResourceId): PlanResource {
  return { type, id, label: resourceKey({ type, id }) };
}
