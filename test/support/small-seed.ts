import {
  buildResourceTree,
  isTreeFault,
  type ListedResource,
  type ResourceTree,
} from '../../src/core/domain/account/resource-tree.ts';
import type { AccountSeed, ResourceSeed } from '../../src/simulator/seed.ts';
import { fromWire } from './wire-types.ts';

export const ACCOUNT = 3229;
/** With which grantd calls a simulated account. */
export const ADMIN_TOKEN = 'simulator-admin-token';

export const BILLING: ResourceSeed = { type: 'billing', id: ACCOUNT, name: 'Billing' };
export const WEB: ResourceSeed = {
  type: 'project',
  id: 1,
  name: 'Web',
  resources: [
    { type: 'inbox', id: 11, name: 'Live' },
    { type: 'inbox', id: 12, name: 'Test' },
  ],
};
export const APP: ResourceSeed = {
  type: 'project',
  id: 2,
  name: 'App',
  resources: [{ type: 'inbox', id: 21, name: 'Live' }],
};
export const DOMAIN: ResourceSeed = { type: 'sending_domain', id: 5, name: 'example.com' };

/**
 * What a simulated account begins with. By default it has two projects with inboxes, a domain and billing, and nobody
 * in it; its first token is grantd's, an account admin.
 */
export function smallSeed(seed: Partial<AccountSeed> = {}): AccountSeed {
  const { account = { id: ACCOUNT, name: 'Example' } } = seed;
  const rows = [{ type: 'account', id: account.id, level: 100 }];
  return {
    account,
    resources: [BILLING, WEB, APP, DOMAIN],
    accesses: [],
    ...seed,
    tokens: [{ name: 'grantd', secret: ADMIN_TOKEN, id: 900, access: 9000, rows }, ...(seed.tokens ?? [])],
  };
}

/** The tree of such an account, for whoever judges it apart from the client. Everything is shown. */
export function treeOf({ account, resources = [] }: AccountSeed): ResourceTree {
  const listed = ({ type, id, name, resources: below = [] }: ResourceSeed): ListedResource => ({
    type: fromWire(type),
    id,
    name,
    tokenLevel: 100,
    children: below.map(listed),
  });
  const root: ResourceSeed = { type: 'account', id: account.id, name: 'Account', resources };
  const tree = buildResourceTree(account.id, [listed(root)]);
  if (isTreeFault(tree)) throw new Error(`the seed is no tree: ${tree.kind}`);
  return tree;
}
