import type { HttpServer } from '../../../adapters/http/start-http.ts';
import type { Daemon } from '../../../daemon/daemon.ts';
import { warningText } from '../../../report/problems/text.ts';
import type { CallContext } from '../../line/command.ts';
import { secretFile } from '../../process/secret-file.ts';
import type { DaemonOutlets } from './outlets.ts';

/** The HTTP port of a daemon; null where it is off. Throws `http-unavailable`. */
export async function openHttp(
  call: CallContext,
  daemon: Pick<Daemon, 'ask' | 'stuckReason'>,
  { metrics, board }: DaemonOutlets,
): Promise<HttpServer | null> {
  const { io, settings, paint } = call;
  const httpToken = secretFile(call, settings.httpTokenFile, 'httpTokenFile', 'token');
  if (settings.httpAddress === 'off') return null;
  const { startHttp } = await import('../../../adapters/http/start-http.ts');
  const http = await startHttp({
    address: settings.httpAddress,
    httpToken,
    board,
    metrics,
    reconcile: (commit) => daemon.ask('request', commit),
    isStuck: () => daemon.stuckReason(),
    onError: (error) => {
      const name = error instanceof Error ? error.name : 'unknown';
      io.stderr.write(`grantd has a fault (${name}) in answering a request; it goes on\n`);
    },
  });
  for (const warning of http.warnings) io.stderr.write(warningText(warning, 'see docs/http.md', paint.stderr));
  return http;
}
