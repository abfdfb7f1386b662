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

/** How much of an account's name is told. */
const NAME_MAX = 40;

/** The accounts that the token administers, for whoever does not know which one it belongs to. Throws `ApiError`. */
export async function listAccounts(
  options: RequestOptions,
  signal: AbortSignal,
): Promise<readonly AdministeredAccount[]> {
  const token = options.token();
  // The list is the same whatever the account and the generation of paths.
  const request = toRoutes(0, 'account').accounts();
  const { value } = await readAnswer(makeRequester(options), { request, token, signal }, decodeAccounts);
  return value
    .filter(({ levels }) => levels.some(isAdministering))
    .map(({ id, name }) => ({ id, name: safeText(name, [token], NAME_MAX) }));
}
