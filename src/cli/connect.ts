import type { AccountReader, AccountWriter, Clock } from '../domain/ports.ts';
import type { Limiter } from '../mailtrap/limiter.ts';
import type { RequestObserver } from '../mailtrap/request-event.ts';
import type { Settings } from '../settings/settings-table.ts';
import { InvalidSettings } from './invalid-settings.ts';
import type { CliIo } from './io.ts';
import { readVersion } from './shipped-file.ts';

export interface AccountPorts {
  readonly reader: AccountReader;
  readonly writer: AccountWriter;
  readonly clock: Clock;
}

export interface Connection {
  readonly account: number;
  readonly token: () => string;
  readonly settings: Pick<Settings, 'apiUrl' | 'apiPaths' | 'apiAuth' | 'requestTimeoutMs'>;
  /** Shared by everything that sends requests with the token. Default: one of its own. */
  readonly limiter?: Limiter;
  readonly onRequest?: RequestObserver;
}

/** The ports of one account, over Mailtrap's API. Nothing is sent yet. */
export async function connect(
  io: Pick<CliIo, 'clock' | 'random' | 'env'>,
  { account, token, settings, limiter, onRequest }: Connection,
): Promise<AccountPorts> {
  const [{ createMailtrapClient }, { createLimiter }, version] = await Promise.all([
    import('../mailtrap/client.ts'),
    import('../mailtrap/limiter.ts'),
    readVersion(),
  ]);
  const { clock, random, env: environment } = io;
  try {
    const client = createMailtrapClient({
      account,
      token,
      apiUrl: settings.apiUrl,
      paths: settings.apiPaths,
      authHeader: settings.apiAuth,
      requestTimeoutMs: settings.requestTimeoutMs,
      limiter: limiter ?? createLimiter({ clock }),
      clock,
      random,
      version,
      environment,
      ...(onRequest ? { onRequest } : {}),
    });
    return { reader: client, writer: client, clock };
  } catch (error) {
    if (error instanceof TypeError) throw new InvalidSettings([toProblem(error)]);
    throw error;
  }
}

/** The settings have judged the address already; what is left to object to is a proxy of the environment. */
function toProblem({ message }: TypeError) {
  return { where: 'the environment', message, remedy: 'write it as http://host:port, or unset it' };
}
