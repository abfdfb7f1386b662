import type { Call } from './command-spec.ts';
import { type AccountPorts, connect } from './connect.ts';
import { InvalidSettings } from './invalid-settings.ts';
import { warningText } from './warning-text.ts';

/** The ports of an account with the token that the environment gives. Throws `InvalidSettings` where it gives none. */
export async function openAccount(call: Call, account: number): Promise<AccountPorts> {
  const { io, token, secrets, paint } = call;
  if (!token.ok) throw new InvalidSettings(token.problems);
  for (const { where, message, remedy } of token.warnings) {
    io.stderr.write(warningText(`${where}: ${message}`, remedy, paint.stderr));
  }
  return connect(io, { account, settings: call.settings, token: () => kept(token.token()) });

  /** A token that came with a rotation is kept out of the output like the first. */
  function kept(secret: string): string {
    secrets.add(secret);
    return secret;
  }
}
