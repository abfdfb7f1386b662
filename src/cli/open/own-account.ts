import { GrantdError } from '../../core/domain/text/error.ts';
import type { CallContext } from '../line/command.ts';
import { UsageError } from '../line/errors.ts';
import { NEVER } from '../process/node-io.ts';
import { usableToken } from './account.ts';
import { type AccountPorts, asInvalidSettings, connect, requestOptions } from './connect.ts';

/** How many accounts an error names. */
const ACCOUNTS_SHOWN = 10;

/** The id that `--account` gives; null without it. Throws `UsageError` if it is not an id. */
export function accountOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const id = Number(text);
  if (/^[1-9][0-9]*$/.test(text) && Number.isSafeInteger(id)) return id;
  throw new UsageError(
    `"${text}" is not an account id`,
    'write the number that Mailtrap shows in its addresses, e.g. 3229',
  );
}

/** The named account, or else the only one that the token administers, and its ports. */
export async function openOwnAccount(
  call: CallContext,
  named: number | null,
): Promise<{ readonly account: number; readonly ports: AccountPorts }> {
  const { io, settings } = call;
  const token = usableToken(call);
  const account = named ?? (await findAccount(call, token));
  return { account, ports: await connect(io, { account, settings, token }) };
}

async function findAccount({ io, settings }: CallContext, token: () => string): Promise<number> {
  const { listAccounts } = await import('../../adapters/mailtrap/list-accounts.ts');
  const options = await requestOptions(io, { settings, token });
  const accounts = await listAccounts(options, NEVER).catch((error) => {
    throw asInvalidSettings(error);
  });
  const [only, ...others] = accounts;
  if (!only) {
    throw new GrantdError(
      'wrong-account',
      'the token administers no account',
      'use a token that is admin of the account: make one in Mailtrap under Settings, API Tokens',
    );
  }
  if (others.length === 0) return only.id;
  const shown = accounts.slice(0, ACCOUNTS_SHOWN).map(({ id, name }) => `${id} (${name})`);
  throw new UsageError(
    `the token administers ${accounts.length} accounts: ${shown.join(', ')}${others.length >= ACCOUNTS_SHOWN ? ' …' : ''}`,
    `say which one: --account ${only.id}`,
  );
}
