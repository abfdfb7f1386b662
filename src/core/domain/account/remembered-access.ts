import { createHash } from 'node:crypto';
import { emailKey } from './email.ts';

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
}

/** The most accesses that grantd remembers. What is not remembered counts as changed by the policy. */
export const REMEMBERED_MOST = 20_000;

/** Eight bytes in hex of a hash of an e-mail, in the form that compares. It recognizes an address and does not reveal it. */
export function emailHash(email: string): string {
  return createHash('sha256').update(emailKey(email)).digest('hex').slice(0, 16);
}
