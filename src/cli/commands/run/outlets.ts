import type { HttpServer } from '../../../adapters/http/start-http.ts';
import { createStatusBoard, type StatusBoard } from '../../../adapters/http/status-board.ts';
import { createLog } from '../../../adapters/log/log.ts';
import { createMetrics, type Metrics } from '../../../adapters/metrics/metrics.ts';
import type { Notifier } from '../../../adapters/notify/notifier.ts';
import type { EmitEvent } from '../../../core/domain/run/daemon-event.ts';
import type { DaemonClock } from '../../../core/domain/run/daemon-ports.ts';
import { AccountStatuses } from '../../../daemon/account-statuses.ts';
import type { Daemon } from '../../../daemon/daemon.ts';
import { warningText } from '../../../report/problems/text.ts';
import type { CallContext } from '../../line/command.ts';
import { openNotifier } from '../../open/notifier.ts';
import { secretFile } from '../../process/secret-file.ts';
import { openMailtrapWebhook } from './mailtrap-webhook.ts';

/** Everything that shows what a daemon does, and `emit`, which takes each event once for all of it. */
export interface DaemonOutlets {
  readonly emit: EmitEvent;
  readonly metrics: Metrics;
  readonly board: StatusBoard;
  readonly notifier: Notifier;
}

/** `onClosed`: no one reads the log any more. */
export async function openOutlets(
  call: CallContext,
  version: string,
  clock: DaemonClock,
  onClosed: () => void,
): Promise<DaemonOutlets> {
  const { io, settings, secrets } = call;
  const now = () => clock.now();
  const { logLevel: level, logFormat: format } = settings;
  const statuses = new AccountStatuses(clock, (error) => {
    const name = error instanceof Error ? error.name : 'unknown';
    io.stderr.write(`internal error (${name}) while grantd reported an event; it continues\n`);
  });
  const accounts = () => statuses.all;
  const log = createLog({ level, format, secrets, onClosed, now });
  const metrics = createMetrics({ version, accounts });
  const board = createStatusBoard({ version, clock, accounts });
  const notifier = await openNotifier(call, clock, settings, statuses.emit);
  for (const { observe } of [log, metrics, board, notifier]) statuses.add(observe);
  return { emit: statuses.emit, metrics, board, notifier };
}

/** The HTTP port of a daemon; null if it is off. Throws `http-unavailable`. */
export async function openHttp(
  call: CallContext,
  daemon: Pick<Daemon, 'ask' | 'stuckReason' | 'hasAccount' | 'deliver'>,
  { metrics, board }: DaemonOutlets,
): Promise<HttpServer | null> {
  const { io, settings, paint } = call;
  const httpToken = secretFile(call, settings.httpTokenFile, 'httpTokenFile', 'token');
  const mailtrap = openMailtrapWebhook(call, daemon);
  if (settings.httpAddress === 'off') return null;
  const { startHttp } = await import('../../../adapters/http/start-http.ts');
  const http = await startHttp({
    address: settings.httpAddress,
    httpToken,
    board,
    metrics,
    mailtrap,
    reconcile: (commit) => daemon.ask('request', commit),
    isStuck: () => daemon.stuckReason(),
    onError: (error) => {
      const name = error instanceof Error ? error.name : 'unknown';
      io.stderr.write(`internal error (${name}) while grantd answered a request; it continues\n`);
    },
  });
  for (const warning of http.warnings) io.stderr.write(warningText(warning, 'see docs/http.md', paint.stderr));
  return http;
}
