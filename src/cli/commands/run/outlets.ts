import { createStatusBoard, type StatusBoard } from '../../../adapters/http/status-board.ts';
import { createLog } from '../../../adapters/log/log.ts';
import { createMetrics, type Metrics } from '../../../adapters/metrics/metrics.ts';
import type { Notifier, NotifyTarget } from '../../../adapters/notify/notifier.ts';
import type { DaemonObserver } from '../../../core/domain/run/daemon-event.ts';
import type { DaemonClock } from '../../../core/domain/run/daemon-ports.ts';
import type { CallContext } from '../../line/command.ts';
import { environmentProxies } from '../../open/connect.ts';
import { secretFile } from '../../process/secret-file.ts';
import { broadcast } from './broadcast.ts';

/** Everything that a daemon is observed by, and the one observer that feeds all of it. */
export interface DaemonOutlets {
  readonly observe: DaemonObserver;
  readonly metrics: Metrics;
  readonly board: StatusBoard;
  readonly notifier: Notifier;
}

/** `onClosed`: nobody reads the log any more. */
export async function openOutlets(
  call: CallContext,
  version: string,
  clock: DaemonClock,
  onClosed: () => void,
): Promise<DaemonOutlets> {
  const { io, settings, secrets } = call;
  const now = () => clock.now();
  const { logLevel: level, logFormat: format } = settings;
  const log = createLog({ level, format, secrets, onClosed, now });
  const metrics = createMetrics({ version, now });
  const board = createStatusBoard({ version, clock });
  const notifier = await openNotifier(call, clock, (event) => observe(event));
  const observers = [log.observe, metrics.observe, board.observe, notifier.observe];
  const observe = broadcast(observers, (error) => {
    const name = error instanceof Error ? error.name : 'unknown';
    io.stderr.write(`grantd has a fault (${name}) in telling what it does; it goes on\n`);
  });
  return { observe, metrics, board, notifier };
}

/** Who notifies nobody loads nothing for it. */
async function openNotifier(call: CallContext, clock: DaemonClock, onEvent: DaemonObserver): Promise<Notifier> {
  const targets = notifyTargets(call);
  if (targets.length === 0) return { observe: () => {}, flush: async () => {}, close: () => {} };
  const { createNotifier } = await import('../../../adapters/notify/notifier.ts');
  const proxies = environmentProxies(call.io);
  return createNotifier({ targets, proxies, source: 'grantd', clock, random: call.io.random, onEvent });
}

function notifyTargets(call: CallContext): readonly NotifyTarget[] {
  const { webhookUrlFile, webhookSecretFile, slackUrlFile } = call.settings;
  const webhook = secretFile(call, webhookUrlFile, 'webhookUrlFile', 'address');
  const secret = secretFile(call, webhookSecretFile, 'webhookSecretFile', 'secret');
  const slack = secretFile(call, slackUrlFile, 'slackUrlFile', 'address');
  return [
    ...(webhook ? [{ kind: 'webhook' as const, url: webhook, secret }] : []),
    ...(slack ? [{ kind: 'slack' as const, url: slack }] : []),
  ];
}
