import { resolve } from 'node:path';
import type { FoundToken } from '../../../adapters/settings/token.ts';
import { warningText } from '../../../report/problems/text.ts';
import type { CallContext } from '../../line/command.ts';
import { InvalidSettings, UsageError } from '../../line/errors.ts';
import { policiesOf } from '../../line/one-account.ts';

/** One policy of a daemon, with the token of its account. */
export interface DaemonPolicy {
  readonly path: string;
  /** As the user wrote it. */
  readonly shownPath: string;
  readonly token: () => string;
  /** Equal for policies that share a token, and with it its rate limit. */
  readonly tokenKey: string;
}

/** The policies of the settings, each with a token that can be read. Throws `InvalidSettings` with every problem of every token. */
export function daemonPolicies(call: CallContext): readonly DaemonPolicy[] {
  const { io, settings, secrets } = call;
  const found = policiesOf(call);
  if (found.some(({ policy }) => policy === '-')) {
    throw new UsageError('the daemon reads its policy again and again, but standard input ends', 'name a file');
  }
  const problems = found.flatMap((one) => (one.token.ok ? [] : one.token.problems));
  if (problems.length > 0) throw new InvalidSettings(problems);
  return found.flatMap((one) => {
    if (!one.token.ok) return [];
    const { token: read } = one.token;
    warn(call, one.token);
    // After a rotation, the new token is removed from all output too.
    const kept = () => {
      const secret = read();
      secrets.add(secret);
      return secret;
    };
    kept();
    const tokenKey = settings.accounts?.find(({ policy }) => policy === one.policy)?.tokenFile ?? 'environment';
    return [{ path: resolve(io.cwd, one.policy), shownPath: one.policy, token: kept, tokenKey }];
  });
}

function warn({ io, paint }: CallContext, token: Extract<FoundToken, { ok: true }>): void {
  for (const { where, message, remedy } of token.warnings) {
    io.stderr.write(warningText(`${where}: ${message}`, remedy, paint.stderr));
  }
}
