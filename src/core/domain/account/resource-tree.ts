import { compareText } from '../text/text.ts';
import { type AccessLevel, LEVEL } from './access-level.ts';
import { type ResourceId, type ResourceType, resourceKey } from './resource.ts';

/** One node of the observed tree. `tokenLevel` is the calling token's own level on it (documented). */
export interface ResourceNode extends ResourceId {
  readonly name: string;
  readonly tokenLevel: AccessLevel;
  readonly parent: ResourceNode | null;
  /** Its position in `nodes`, where parents precede their children. The root is 0. */
  readonly index: number;
  /** False only for an account root that the API did not show. It covers everything, but grantd writes no row on it. */
  readonly shown: boolean;
}

/** A resource as the API lists it, before `buildResourceTree` joins all of them under the account. */
export interface ListedResource extends ResourceId {
  readonly name: string;
  readonly tokenLevel: AccessLevel;
  readonly children: readonly ListedResource[];
}

/** The resources that the token can see, as one tree whose root is the account. */
export interface ResourceTree {
  readonly root: ResourceNode;
  /** All nodes, parents before their children, in the order of the API. */
  readonly nodes: readonly ResourceNode[];
  find(resource: ResourceId): ResourceNode | undefined;
  childrenOf(node: ResourceNode): readonly ResourceNode[];
}

/** Why a listing is not a reliable tree. */
export type TreeFault =
  | { readonly kind: 'wrong-account'; readonly shown: number }
  | { readonly kind: 'listed-twice'; readonly resource: ResourceId };

/**
 * Joins a listing into one tree under `account`. The API shows the account as a node (newer form) or starts with its
 * projects (older form); both work. If a resource is listed twice, or another account appears, the result is a fault and
 * nothing may rely on the listing.
 */
export function buildResourceTree(account: number, listed: readonly ListedResource[]): ResourceTree | TreeFault {
  const shownRoot = listed.find((node) => node.type === 'account' && node.id === account);
  const root: ResourceNode = {
    type: 'account',
    id: account,
    name: shownRoot?.name ?? 'Account',
    tokenLevel: shownRoot?.tokenLevel ?? LEVEL.none,
    parent: null,
    index: 0,
    shown: shownRoot !== undefined,
  };
  const builder = new TreeBuilder(root);
  for (const node of listed) {
    if (node === shownRoot) builder.addAll(node.children, root);
    else builder.addAll([node], root);
  }
  return builder.fault ?? builder.tree();
}

class TreeBuilder {
  fault: TreeFault | undefined;
  readonly #nodes: ResourceNode[];
  readonly #byType = new Map<ResourceType, Map<number, ResourceNode>>();
  readonly #children = new Map<ResourceNode, ResourceNode[]>();

  constructor(root: ResourceNode) {
    this.#nodes = [root];
    this.#byType.set('account', new Map([[root.id, root]]));
  }

  addAll(listed: readonly ListedResource[], parent: ResourceNode): void {
    for (const item of listed) this.#add(item, parent);
  }

  tree(): ResourceTree {
    const [root] = this.#nodes as [ResourceNode];
    const byType = this.#byType;
    const children = this.#children;
    return {
      root,
      nodes: this.#nodes,
      find: (resource) => byType.get(resource.type)?.get(resource.id),
      childrenOf: (node) => children.get(node) ?? [],
    };
  }

  #add(item: ListedResource, parent: ResourceNode): void {
    if (item.type === 'account') this.fault ??= { kind: 'wrong-account', shown: item.id };
    const ofType = this.#byType.get(item.type) ?? new Map<number, ResourceNode>();
    if (ofType.has(item.id)) this.fault ??= { kind: 'listed-twice', resource: { type: item.type, id: item.id } };
    const { type, id, name, tokenLevel } = item;
    const node: ResourceNode = { type, id, name, tokenLevel, parent, index: this.#nodes.length, shown: true };
    ofType.set(id, node);
    this.#byType.set(type, ofType);
    this.#nodes.push(node);
    const siblings = this.#children.get(parent);
    if (siblings) siblings.push(node);
    else this.#children.set(parent, [node]);
    this.addAll(item.children, node);
  }
}

/** Whether `buildResourceTree` found a fault. */
export function isTreeFault(value: ResourceTree | TreeFault): value is TreeFault {
  return 'kind' in value;
}

/** The node's ancestors, nearest first, the account last. */
export function ancestorsOf(node: ResourceNode): readonly ResourceNode[] {
  const chain: ResourceNode[] = [];
  for (let up = node.parent; up; up = up.parent) chain.push(up);
  return chain;
}

/** Whether `node` is `top` or lies below it. */
export function isWithin(node: ResourceNode, top: ResourceNode): boolean {
  for (let up: ResourceNode | null = node; up; up = up.parent) if (up === top) return true;
  return false;
}

/**
 * The label of a resource in outputs: `inbox:Checkout/Staging`, as a policy names it. If a policy cannot spell the name,
 * the label is the id followed by the name.
 */
export function nodeLabel(node: ResourceNode): string {
  switch (node.type) {
    case 'account':
    case 'billing':
    case 'campaigns':
    case 'organization':
    case 'templates':
      return node.type;
    case 'project':
    case 'domain':
      return /[*]|^#/.test(node.name) ? labelById(node) : `${node.type}:${node.name}`;
    case 'inbox': {
      const isSayable = node.parent?.type === 'project' && !/[*/]|^#/.test(node.parent.name) && !/[*/]/.test(node.name);
      return isSayable ? `inbox:${node.parent?.name}/${node.name}` : labelById(node);
    }
    default:
      return resourceKey(node);
  }
}

function labelById(node: ResourceNode): string {
  return `${resourceKey(node)} (${node.name})`;
}

/** Sorts resources for every output: by label, then by type and id. The order of the API does not matter. */
export function compareNodes(a: ResourceNode, b: ResourceNode): number {
  return compareText(nodeLabel(a), nodeLabel(b)) || compareText(a.type, b.type) || a.id - b.id;
}
