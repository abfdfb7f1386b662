import { warningText } from '../../report/problems/text.ts';
import type { Call } from '../line/command.ts';
import { InvalidSettings } from '../line/invalid-settings.ts';
import { type AccountPorts, connect } from './connect.ts';

/** The ports of an account with the token that the environment gives. Throws `InvalidSettings` where it gives none. */
export async function openAccount(call: Call, account: number): Promise<AccountPorts> {
  return connect(call.io, { account, settings: call.settings, token: usableToken(call) });
}

/** The token of the call, with its warnings told. Throws `InvalidSettings` where there is none. */
export function usableToken({ io, token, secrets, paint }: Call): () => string {
  if (!token.ok) throw new InvalidSettings(token.problems);
  for (const { where, message, remedy } of token.warnings) {
    io.stderr.write(warningText(`${where}: ${message}`, remedy, paint.stderr));
  }
  return () => {
    const secret = token.token();
    // A token that came with a rotation is kept out of the output like the first.
    secrets.add(secret);
    return secret;
  };
}
