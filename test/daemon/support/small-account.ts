import type { ListedResource } from '../../../src/core/domain/account/resource-tree.ts';
import { buildResourceTree, isTreeFault, type ResourceTree } from '../../../src/core/domain/account/resource-tree.ts';
import type { AccountSeed, ResourceSeed, RowSeed } from '../../../src/simulator/seed.ts';
import { SECRET } from './account-ports.ts';

export const ACCOUNT = 3229;

/** Whom the policies of these tests speak about, by account access id. */
export const PEOPLE = {
  101: 'ann@x.test',
  102: 'bob@x.test',
  103: 'cid@x.test',
  104: 'inv@x.test',
  105: 'prot@x.test',
  106: 'unlisted@x.test',
  107: 'owner@x.test',
} as const;
export const TOKEN = { access: 500, token: 55 } as const;

const RESOURCES: readonly ResourceSeed[] = [
  { type: 'billing', id: ACCOUNT, name: 'Billing' },
  {
    type: 'project',
    id: 1,
    name: 'Web',
    resources: [
      { type: 'inbox', id: 11, name: 'Live' },
      { type: 'inbox', id: 12, name: 'Test' },
    ],
  },
  { type: 'project', id: 2, name: 'App', resources: [{ type: 'inbox', id: 21, name: 'Live' }] },
];

/** The rows that everybody begins with, by account access id. */
export type FirstRows = Readonly<Record<number, readonly RowSeed[]>>;

export function smallAccount(rows: FirstRows = {}, isTokenListed = true): AccountSeed {
  return {
    account: { id: ACCOUNT, name: 'Example' },
    resources: RESOURCES,
    tokens: [
      { name: 'grantd', secret: SECRET, id: 900, access: 9000, rows: [{ type: 'account', id: ACCOUNT, level: 100 }] },
      {
        name: 'ci',
        secret: 'secret-of-ci-0001',
        id: TOKEN.token,
        access: TOKEN.access,
        listed: isTokenListed,
        rows: rows[TOKEN.access] ?? [],
      },
    ],
    accesses: Object.entries(PEOPLE).map(([access, email]) => ({
      access: Number(access),
      email,
      kind: email.startsWith('inv') ? ('invite' as const) : ('user' as const),
      owner: email.startsWith('owner'),
      rows: rows[Number(access)] ?? [],
    })),
  };
}

/** The same account as a tree, for whoever judges it apart from the daemon. */
export function smallTree(): ResourceTree {
  const listed = ({ type, id, name, resources = [] }: ResourceSeed): ListedResource => ({
    type: type as ListedResource['type'],
    id,
    name,
    tokenLevel: 100,
    children: resources.map(listed),
  });
  const root: ResourceSeed = { type: 'account', id: ACCOUNT, name: 'Account', resources: RESOURCES };
  const tree = buildResourceTree(ACCOUNT, [listed(root)]);
  if (isTreeFault(tree)) throw new Error('the small account has no tree');
  return tree;
}
