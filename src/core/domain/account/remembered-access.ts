import { createHash } from 'node:crypto';
import type { Instant } from '../text/instant.ts';
import { givenBy, LEVEL } from './access-level.ts';
import type { AccessRow, AccountAccess } from './actual-state.ts';
import { emailKey } from './email.ts';
import { resourceKey } from './resource.ts';

/**
 * What grantd remembers of one account access: as the last whole read showed it after which nothing was left to change on it, or
 * as grantd wrote it since. It tells drift from a change of the policy, and a renamed person from a new one. It never adds a
 * change to a plan.
 */
export interface RememberedAccess {
  readonly access: number;
  /** `emailHash` of its e-mail. Null for a token. */
  readonly emailHash: string | null;
  /** `rowsHash` of its rows. */
  readonly rowsHash: string;
  /** Whether a row on the account made it account admin. */
  readonly wasAccountAdmin: boolean;
  /** The text and moment by which nothing was left to change on it. Absent if that was never seen, or is not remembered any more. */
  readonly settledBy?: SettledBy;
  /** Present if it was not there at an earlier whole read, and no run has left it with nothing to change since. */
  readonly isNewcomer?: true;
}

/** A text of the policy, by the SHA-256 of its revision, and a moment. */
export interface SettledBy {
  readonly sha256: string;
  readonly at: Instant;
}

/** By account access id. The order says which ones are left out last if there is no room for all. */
export type RememberedAccesses = ReadonlyMap<number, RememberedAccess>;

/** The accesses that grantd remembers, and whether they are all that the last whole read showed. */
export interface AccessMemory {
  readonly remembered: RememberedAccesses;
  /** False before the first whole read, and if some had to be left out. A missing access is then not known to be new. */
  readonly remembersAll: boolean;
}

/** The memory before the first whole read. */
export const NO_ACCESS_MEMORY: AccessMemory = { remembered: new Map(), remembersAll: false };

/** The most accesses that grantd remembers. What is not remembered counts as changed by the policy. */
export const REMEMBERED_MOST = 20_000;

/** The most pairs of text and moment that grantd remembers. Accesses that settled by an older one count as changed by the policy. */
export const SETTLED_BY_MOST = 16;

/**
 * Whether nobody can have had an access before that is not remembered. The account lists a token under an access id only
 * sometimes, so a token that was not seen may still be an old one.
 */
export function isKnownAsNew(
  { remembersAll }: Pick<AccessMemory, 'remembersAll'>,
  { principal }: Pick<AccountAccess, 'principal'>,
): boolean {
  return remembersAll && principal.kind !== 'token';
}

/** The first so many of the remembered accesses. */
export function firstRemembered(memory: AccessMemory, most: number): AccessMemory {
  if (memory.remembered.size <= most) return memory;
  return { remembered: new Map([...memory.remembered].slice(0, most)), remembersAll: false };
}

/** Eight bytes in hex of a hash of an e-mail, in the form that compares. It recognizes an address and does not reveal it. */
export function emailHash(email: string): string {
  return shortHash(emailKey(email));
}

/** `emailHash` of a principal with an e-mail; null for a token. */
export function emailHashOf({ principal }: Pick<AccountAccess, 'principal'>): string | null {
  return principal.kind === 'token' ? null : emailHash(principal.email);
}

/** Eight bytes in hex of a hash of rows. Their order does not matter, and neither do rows that give nothing. */
export function rowsHash(rows: readonly AccessRow[]): string {
  const giving = rows.filter(({ level }) => givenBy(level) !== LEVEL.none);
  return shortHash(
    giving
      .map((row) => `${resourceKey(row)} ${row.level}`)
      .sort()
      .join('\n'),
  );
}

/** Whether a row on the account makes it account admin, or any row its owner. */
export function isAccountAdmin(rows: readonly AccessRow[]): boolean {
  return rows.some(({ type, level }) => level === LEVEL.owner || (type === 'account' && level >= LEVEL.admin));
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
