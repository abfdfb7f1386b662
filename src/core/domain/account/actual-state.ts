import { foldAscii } from '../text/text.ts';
import { type AccessLevel, LEVEL } from './access-level.ts';
import type { Principal } from './principal.ts';
import type { ResourceId } from './resource.ts';
import type { ResourceTree } from './resource-tree.ts';

/** One explicit row, as the account lists it. Its resource may be one that the tree does not show. */
export interface AccessRow extends ResourceId {
  readonly level: AccessLevel;
}

/** Everything one principal holds, under the account access id that the bulk PUT takes. */
export interface AccountAccess {
  readonly access: number;
  readonly principal: Principal;
  readonly rows: readonly AccessRow[];
  /** Whether the calling token may change this access (recorded reading of `permissions.can_update`). */
  readonly canUpdate: boolean;
  /** True for the calling token's own access, which is never planned. */
  readonly isOwnToken: boolean;
}

/** One entry of the list of API tokens: their rows, but no account access id (documented). */
export interface ApiToken {
  readonly tokenId: number;
  readonly name: string;
  readonly rows: readonly AccessRow[];
  /** Epoch ms, or null where the token does not end. */
  readonly expiresAt: number | null;
  /** True where its last four digits are those of the calling token. */
  readonly isOwnToken: boolean;
}

/** The account as it was read: one tree and one list, and the API tokens where they were asked for. */
export interface ActualState {
  readonly account: number;
  readonly tree: ResourceTree;
  readonly accesses: readonly AccountAccess[];
  /** Null where they were not read, because no policy names a token. */
  readonly apiTokens: readonly ApiToken[] | null;
}

/** The accesses of people by folded e-mail: a person may have two, as a user and as a pending invite. In the order of their ids. */
export function accessesByEmail(accesses: readonly AccountAccess[]): ReadonlyMap<string, readonly AccountAccess[]> {
  const groups = new Map<string, AccountAccess[]>();
  for (const access of accesses) {
    if (access.principal.kind === 'token') continue;
    const email = foldAscii(access.principal.email);
    const group = groups.get(email);
    if (group) group.push(access);
    else groups.set(email, [access]);
  }
  for (const group of groups.values()) group.sort((a, b) => a.access - b.access);
  return groups;
}

/**
 * The e-mails of the account's admins and owners: users only, since an invite cannot sign in and a token is nobody.
 * Exactly 100 on the account, or an owner's 1000 on any row; a level that nobody documents does not count.
 */
export function adminEmails(account: number, accesses: readonly AccountAccess[]): ReadonlySet<string> {
  const emails = new Set<string>();
  for (const { principal, rows } of accesses) {
    if (principal.kind !== 'user') continue;
    const isAdmin = rows.some(
      (row) => row.level === LEVEL.owner || (row.type === 'account' && row.id === account && row.level === LEVEL.admin),
    );
    if (isAdmin) emails.add(foldAscii(principal.email));
  }
  return emails;
}
