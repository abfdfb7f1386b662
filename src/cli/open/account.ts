import type { CallContext } from '../line/command.ts';
import { InvalidSettings } from '../line/errors.ts';
import { settingsWarner } from '../process/secret-file.ts';
import { type AccountPorts, connect } from './connect.ts';

/** The ports of an account with the token of the call. Throws `InvalidSettings` if there is none. */
export async function openAccount(call: CallContext, account: number): Promise<AccountPorts> {
  return connect(call.io, { account, settings: call.settings, token: usableToken(call) });
}

/** The token of the call; prints its warnings. Throws `InvalidSettings` if there is none. */
export function usableToken({ io, token, secrets, paint }: CallContext): () => string {
  if (!token.ok) throw new InvalidSettings(token.problems);
  for (const warning of token.warnings) settingsWarner(io, paint.stderr)(warning);
  return () => {
    const secret = token.token();
    // After a rotation, the new token is removed from the output too.
    secrets.add(secret);
    return secret;
  };
}
