import { foldAscii } from '../text/text.ts';
import { LEVEL } from './access-level.ts';
import type { AccountAccess } from './actual-state.ts';

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
