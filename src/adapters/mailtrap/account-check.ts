import { LEVEL, levelName } from '../../core/domain/account/access-level.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { ReachedAccount } from './wire/decode-accounts.ts';
import type { ApiPaths } from './wire/resource-types.ts';
import { safeText } from './wire/safe-text.ts';

const LISTED_MAX = 5;

/**
 * Null if the token administers `account`; else the error that says what the token reaches. If the paths do not name the
 * account, the token must reach that account alone. Otherwise a request could be about another one.
 */
export function checkReachedAccounts(
  account: number,
  reached: readonly ReachedAccount[],
  { paths, secrets }: { readonly paths: ApiPaths; readonly secrets: readonly string[] },
): GrantdError | null {
  const own = reached.find((item) => item.id === account && item.levels.some(isAdministering));
  if (own && (paths === 'account' || reached.length === 1)) return null;
  const what = own ? 'reaches other accounts as well' : 'does not administer it';
  const message = `the policy is for account ${account}, and the token ${what}: Mailtrap lists ${listText(reached, secrets)}`;
  return new GrantdError('wrong-account', message, own ? SEVERAL : WRONG);
}

const WRONG =
  'Check that `account` in the policy is the account in which the token was made, and make the token admin of it in Mailtrap under Settings, API Tokens.';
const SEVERAL =
  'With GRANTD_API_PATHS=token use a token of this account alone, or set GRANTD_API_PATHS=account, so that every request names the account.';

/** Whether someone with this level on the account may change permissions in it. */
export function isAdministering(level: number): boolean {
  return level === LEVEL.admin || level === LEVEL.owner;
}

function listText(reached: readonly ReachedAccount[], secrets: readonly string[]): string {
  if (reached.length === 0) return 'no account for it';
  const shown = reached.slice(0, LISTED_MAX).map(({ id, name, levels }) => {
    return `${id} "${safeText(name, secrets, 40)}" (${levels.map(levelName).join(', ') || 'no level'})`;
  });
  const more = reached.length - shown.length;
  return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
}
