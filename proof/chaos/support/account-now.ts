import type { AccountAccess, ActualState, ApiToken } from '../../../src/core/domain/account/actual-state.ts';
import type { ResourceType } from '../../../src/core/domain/account/resource.ts';
import {
  buildResourceTree,
  isTreeFault,
  type ListedResource,
  type ResourceTree,
} from '../../../src/core/domain/account/resource-tree.ts';
import type { DescribedAccount } from '../../../src/simulator/describe-state.ts';
import type { RowSeed } from '../../../src/simulator/seed.ts';
import { fromWire } from '../../../test/support/wire-types.ts';

const OWNER_LEVEL = 1000;

/** A resource that an answer did not show. */
export interface Unshown {
  readonly type: string;
  readonly id: number;
}

/** The account as it is, in the domain's words, without asking the API. */
export function accountNow(
  state: DescribedAccount,
  ownTokens: ReadonlySet<string>,
  unshown: readonly Unshown[],
): ActualState {
  const tree = treeOf(state, unshown);
  const accesses = state.accesses.flatMap(({ access, kind, who, rows, permissions }): AccountAccess[] => {
    if (kind === 'ApiToken') return [];
    const principal = { kind: kind === 'User' ? ('user' as const) : ('invite' as const), email: who };
    // An owner may not be updated for as long as they are one, which somebody else may end before a run looks.
    const canUpdate = permissions.can_update || rows.some(({ level }) => level === OWNER_LEVEL);
    return [{ access, principal, rows: rowsOf(rows), canUpdate, isOwnToken: false }];
  });
  const apiTokens = state.accesses.flatMap(({ kind, id, who, rows }): ApiToken[] => {
    if (kind !== 'ApiToken' || id === null) return [];
    return [{ tokenId: id, name: who, rows: rowsOf(rows), expiresAt: null, isOwnToken: ownTokens.has(who) }];
  });
  return { account: state.id, tree, accesses, apiTokens };
}

function treeOf({ id, roots, resources }: DescribedAccount, unshown: readonly Unshown[]): ResourceTree {
  const isShown = (type: string, own: number) => !unshown.some((one) => one.type === type && one.id === own);
  const below = (parent: string | null): readonly ListedResource[] =>
    resources
      .filter((one) => one.under === parent && !one.hidden && isShown(one.type, one.id))
      .map(({ type, id: own, name }) => ({
        type: fromWire(type) as ResourceType,
        id: own,
        name,
        tokenLevel: 100,
        children: below(`${type}:${own}`),
      }));
  const top = below(null);
  const root: ListedResource = { type: 'account', id, name: 'Account', tokenLevel: 100, children: top };
  const tree = buildResourceTree(id, roots === 'account' ? [root] : top);
  if (isTreeFault(tree)) throw new Error(`the account is no tree: ${tree.kind}`);
  return tree;
}

function rowsOf(rows: readonly RowSeed[]): AccountAccess['rows'] {
  return rows.map(({ type, id, level }) => ({ type: fromWire(type) as ResourceType, id, level }));
}
