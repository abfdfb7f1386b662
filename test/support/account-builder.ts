import { LEVEL } from '../../src/core/domain/account/access-level.ts';
import type { AccessRow, AccountAccess, ActualState, ApiToken } from '../../src/core/domain/account/actual-state.ts';
import type { ResourceType } from '../../src/core/domain/account/resource.ts';
import { buildResourceTree, isTreeFault, type ListedResource } from '../../src/core/domain/account/resource-tree.ts';

const LEVELS = { viewer: LEVEL.viewer, 'viewer+': LEVEL.viewerPlus, admin: LEVEL.admin, owner: LEVEL.owner } as const;

/** A level by its word, or any number. */
export type LevelSpec = keyof typeof LEVELS | number;

/** Rows by `type:#id`, e.g. `{ 'project:#4001': 'admin' }`; `account` is the account itself. */
export type RowsSpec = Readonly<Record<string, LevelSpec>>;

export interface AccessSpec {
  readonly access: number;
  readonly user?: string;
  readonly invite?: string;
  readonly token?: { readonly id: number; readonly name: string };
  readonly rows?: RowsSpec;
  readonly canUpdate?: boolean;
  readonly isOwnToken?: boolean;
}

export interface TokenSpec {
  readonly id: number;
  readonly name: string;
  readonly rows?: RowsSpec;
  readonly expiresAt?: string;
  readonly isOwnToken?: boolean;
}

/** grantd's own token. In an account without one, grantd takes nothing from any token. */
export const OWN_TOKEN: TokenSpec = { id: 1, name: 'grantd', isOwnToken: true };

export interface AccountSpec {
  readonly account?: number;
  /** By default a small account that `SMALL_TREE` lists. */
  readonly tree?: readonly ListedResource[];
  readonly accesses?: readonly AccessSpec[];
  /** Left out: the tokens were not read. */
  readonly apiTokens?: readonly TokenSpec[];
}

/** A resource as the API lists it, where grantd's token is admin. */
export function listed(
  type: ResourceType,
  id: number,
  name: string,
  children: readonly ListedResource[] = [],
  tokenLevel: number = LEVEL.admin,
): ListedResource {
  return { type, id, name, tokenLevel, children };
}

/** Two projects with inboxes, a domain, billing and campaigns, under account 3229. */
export const SMALL_TREE: readonly ListedResource[] = [
  listed('account', 3229, 'Account', [
    listed('project', 4001, 'Checkout', [listed('inbox', 5001, 'Staging'), listed('inbox', 5002, 'QA')]),
    listed('project', 4002, 'Mobile', [listed('inbox', 5003, 'Builds')]),
    listed('domain', 7001, 'example.com'),
    listed('billing', 3229, 'Billing'),
    listed('campaigns', 3229, 'Campaigns'),
  ]),
];

/** An account as it would have been observed. Throws where the tree could not be one. */
export function buildAccount(spec: AccountSpec): ActualState {
  const account = spec.account ?? 3229;
  const tree = buildResourceTree(account, spec.tree ?? SMALL_TREE);
  if (isTreeFault(tree)) throw new Error(`no tree: ${tree.kind}`);
  return {
    account,
    tree,
    accesses: (spec.accesses ?? []).map((access) => toAccess(access, account)),
    apiTokens: spec.apiTokens?.map((token) => toApiToken(token, account)) ?? null,
  };
}

function toAccess(spec: AccessSpec, account: number): AccountAccess {
  const email = spec.user ?? spec.invite ?? '';
  return {
    access: spec.access,
    principal: spec.token
      ? { kind: 'token', name: spec.token.name, tokenId: spec.token.id }
      : { kind: spec.invite === undefined ? 'user' : 'invite', email },
    rows: toRows(spec.rows, account),
    canUpdate: spec.canUpdate ?? true,
    isOwnToken: spec.isOwnToken ?? false,
  };
}

function toApiToken(spec: TokenSpec, account: number): ApiToken {
  return {
    tokenId: spec.id,
    name: spec.name,
    rows: toRows(spec.rows, account),
    expiresAt: spec.expiresAt === undefined ? null : Date.parse(spec.expiresAt),
    isOwnToken: spec.isOwnToken ?? false,
  };
}

function toRows(rows: RowsSpec = {}, account: number): readonly AccessRow[] {
  return Object.entries(rows).map(([key, level]) => {
    const [type = '', id] = key.split(':#');
    return {
      type: type as ResourceType,
      id: id === undefined ? account : Number(id),
      level: typeof level === 'number' ? level : LEVELS[level],
    };
  });
}
