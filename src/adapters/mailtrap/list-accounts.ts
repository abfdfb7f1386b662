import { isAdministering } from './account-check.ts';
import { makeRequester, type RequestOptions } from './transport/make-requester.ts';
import { decodeAccounts } from './wire/decode-accounts.ts';
import { readAnswer } from './wire/read-answer.ts';
import { toRoutes } from './wire/routes.ts';
import { safeText } from './wire/safe-text.ts';

/** An account that the token administers. */
export interface AdministeredAccount {
  readonly id: number;
  readonly name: string;
}

/** How much of an account's name is shown. */
const NAME_CHARACTERS_MAX = 40;

/** The accounts that the token administers, for a user who did not name one. Throws `ApiError`. */
export async function listAccounts(
  options: RequestOptions,
  signal: AbortSignal,
): Promise<readonly AdministeredAccount[]> {
  const token = options.token();
  // The list does not depend on the account or on the generation of paths.
  const request = toRoutes(0, 'account').accounts();
  const { value } = await readAnswer(makeRequester(options), { request, token, signal }, decodeAccounts);
  return value
    .filter(({ levels }) => levels.some(isAdministering))
    .map(({ id, name }) => ({ id, name: safeText(name, [token], NAME_CHARACTERS_MAX) }));
}
