import { type AccessLevel, LEVEL } from './access-level.ts';
import { emailKey } from './email.ts';
import type { Principal } from './principal.ts';
import type { ResourceId } from './resource.ts';
import type { ResourceTree } from './resource-tree.ts';

/** One explicit row, as the account lists it. The tree may not show its resource. */
export interface AccessRow extends ResourceId {
  readonly level: AccessLevel;
}

/** All rows of one principal, under the account access id that the bulk PUT takes. */
export interface AccountAccess {
  readonly access: number;
  readonly principal: Principal;
  /** The id of the user, by which Mailtrap's audit events name a person. Absent for others, and if it is unknown. */
  readonly userId?: number;
  readonly rows: readonly AccessRow[];
  /** Whether the calling token may change this access (recorded reading of `permissions.can_update`). */
  readonly canUpdate: boolean;
  /** True for the calling token's own access. grantd never plans a change of it. */
  readonly isOwnToken: boolean;
}

/** One entry of the list of API tokens: its rows, but no account access id (documented). */
export interface ApiToken {
  readonly tokenId: number;
  readonly name: string;
  readonly rows: readonly AccessRow[];
  /** Epoch ms, or null if the token does not expire. */
  readonly expiresAt: number | null;
  /** True if its last four digits are those of the calling token. */
  readonly isOwnToken: boolean;
}

/** The account as grantd read it: one tree, one list of accesses and, if the policy names a token, the API tokens. */
export interface ActualState {
  readonly account: number;
  readonly tree: ResourceTree;
  readonly accesses: readonly AccountAccess[];
  /** Null if grantd did not read them, because the policy names no token. */
  readonly apiTokens: readonly ApiToken[] | null;
}

/**
 * The accesses of people by `emailKey`, sorted by id. One person may have two: one as a user and one as a pending
 * invite.
 */
export function accessesByEmail(accesses: readonly AccountAccess[]): ReadonlyMap<string, readonly AccountAccess[]> {
  const groups = new Map<string, AccountAccess[]>();
  for (const access of accesses) {
    if (access.principal.kind === 'token') continue;
    const email = emailKey(access.principal.email);
    const group = groups.get(email);
    if (group) group.push(access);
    else groups.set(email, [access]);
  }
  for (const group of groups.values()) group.sort((a, b) => a.access - b.access);
  return groups;
}

/**
 * The e-mails of the account's admins and owners, by `emailKey`. Only users count: an invite cannot sign in, and a token is not
 * a person. An admin has exactly level 100 on the account; an owner has 1000 on any row. Undocumented levels do not
 * count.
 */
export function adminEmails(account: number, accesses: readonly AccountAccess[]): ReadonlySet<string> {
  const emails = new Set<string>();
  for (const { principal, rows } of accesses) {
    if (principal.kind !== 'user') continue;
    const isAdmin = rows.some(
      (row) => row.level === LEVEL.owner || (row.type === 'account' && row.id === account && row.level === LEVEL.admin),
    );
    if (isAdmin) emails.add(emailKey(principal.email));
  }
  return emails;
}
