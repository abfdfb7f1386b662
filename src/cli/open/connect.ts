import type { Limiter } from '../../adapters/mailtrap/transport/limiter.ts';
import type { RequestOptions } from '../../adapters/mailtrap/transport/make-requester.ts';
import type { RequestObserver } from '../../adapters/mailtrap/transport/request-event.ts';
import type { Settings } from '../../adapters/settings/settings-table.ts';
import type { AccountReader, AccountWriter, Clock } from '../../core/domain/run/ports.ts';
import { type Proxies, ProxyProblem, readProxies } from '../../platform/http/proxies.ts';
import { InvalidSettings } from '../line/errors.ts';
import type { CliIo } from '../process/io.ts';
import { readVersion } from '../process/shipped-file.ts';

/** What grantd reads and writes one account with. */
export interface AccountPorts {
  readonly reader: AccountReader;
  readonly writer: AccountWriter;
  readonly clock: Clock;
}

/** One account, the token for it, and how requests are sent. */
export interface Connection {
  readonly account: number;
  readonly token: () => string;
  readonly settings: Pick<Settings, 'apiUrl' | 'apiPaths' | 'apiAuth' | 'requestTimeoutMs'>;
  /** Shared by everything that sends requests with the token. Default: one of its own. */
  readonly limiter?: Limiter;
  readonly onRequest?: RequestObserver;
}

/** The ports of one account, over Mailtrap's API. Nothing is sent yet. */
export async function connect(io: ConnectionIo, connection: Connection): Promise<AccountPorts> {
  const { createMailtrapClient } = await import('../../adapters/mailtrap/client.ts');
  const { account, settings } = connection;
  const options = await requestOptions(io, connection);
  try {
    const client = createMailtrapClient({ ...options, account, paths: settings.apiPaths });
    return { reader: client, writer: client, clock: io.clock };
  } catch (error) {
    throw asInvalidSettings(error);
  }
}

type ConnectionIo = Pick<CliIo, 'clock' | 'random' | 'env'>;

/** How requests are sent with these settings. */
export async function requestOptions(
  { clock, random, env: environment }: ConnectionIo,
  { token, settings, limiter, onRequest }: Omit<Connection, 'account'>,
): Promise<RequestOptions> {
  const [{ createLimiter }, version] = await Promise.all([
    import('../../adapters/mailtrap/transport/limiter.ts'),
    readVersion(),
  ]);
  return {
    token,
    apiUrl: settings.apiUrl,
    authHeader: settings.apiAuth,
    requestTimeoutMs: settings.requestTimeoutMs,
    limiter: limiter ?? createLimiter({ clock }),
    clock,
    random,
    version,
    environment,
    ...(onRequest ? { onRequest } : {}),
  };
}

/** A proxy variable that cannot be used is a problem of the settings, which names the variable. */
export function asInvalidSettings(error: unknown): unknown {
  if (!(error instanceof ProxyProblem)) return error;
  const { variable, reason, remedy } = error;
  return new InvalidSettings([{ where: variable, message: reason, remedy }]);
}

/** The proxies of the environment, for what must fail at once and not at its first request. Throws `InvalidSettings`. */
export function environmentProxies({ env }: Pick<CliIo, 'env'>): Proxies {
  try {
    return readProxies(env);
  } catch (error) {
    throw asInvalidSettings(error);
  }
}
