import { resolve } from 'node:path';
import { fileToken } from '../../adapters/settings/token.ts';
import { settingsWarner } from '../process/secret-file.ts';
import type { CallContext } from './command.ts';
import { UsageError } from './errors.ts';

/** One policy, and the token of its account. */
export type PolicyWithToken = Pick<CallContext, 'token'> & { readonly policy: string };

/** Every policy that a call concerns: those of `accounts`, or the one policy with the token of the environment. */
export function policiesOf(
  call: Pick<CallContext, 'io' | 'settings' | 'token' | 'secrets' | 'paint'>,
): readonly PolicyWithToken[] {
  const { io, settings, secrets, paint } = call;
  if (settings.accounts === null) return [{ policy: settings.policy, token: call.token }];
  return settings.accounts.map(({ policy, tokenFile, where }) => {
    const warn = settingsWarner(io, paint.stderr);
    const token = fileToken(resolve(io.cwd, tokenFile), `${where}: tokenFile (${tokenFile})`, 'token', warn);
    // Kept out of every output, like the token of the environment.
    if (token.ok) secrets.add(token.token());
    return { policy, token };
  });
}

/** The call with the policy and the token of its one account. Throws `UsageError` if the settings have several. */
export function forOneAccount<Call extends CallContext>(call: Call): Call {
  const { accounts } = call.settings;
  if (accounts === null) return call;
  const [first, ...others] = policiesOf(call);
  if (!first || others.length > 0) {
    const policies = accounts.map(({ policy }) => policy);
    throw new UsageError(
      `the settings have ${policies.length} accounts, and this command works on one`,
      `name the policy: ${policies.slice(0, POLICIES_SHOWN).join(', ')}${policies.length > POLICIES_SHOWN ? ' …' : ''}`,
    );
  }
  return { ...call, settings: { ...call.settings, policy: first.policy }, token: first.token };
}

/** So that a hint stays a line. */
const POLICIES_SHOWN = 5;
