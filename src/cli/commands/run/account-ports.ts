import { resolve } from 'node:path';
import type { Limiter } from '../../../adapters/mailtrap/transport/limiter.ts';
import { auditLogPath } from '../../../adapters/settings/audit-log-path.ts';
import type { Settings } from '../../../adapters/settings/settings-table.ts';
import type { EmitEvent, Origin } from '../../../core/domain/run/daemon-event.ts';
import { NO_JOURNAL, type WriteJournal } from '../../../core/domain/run/daemon-ports.ts';
import type { ReadPorts } from '../../../run/reconcile/preview.ts';
import type { WritePorts } from '../../../run/reconcile/reconcile.ts';
import { type AccountPorts, connect } from '../../open/connect.ts';
import type { CliIo } from '../../process/io.ts';

/** What the ports of an account in a daemon are made of. */
export interface AccountConnection {
  readonly io: Pick<CliIo, 'clock' | 'random' | 'env' | 'cwd'>;
  readonly settings: Settings;
  readonly token: () => string;
  readonly limiter: Limiter;
  readonly policy: string;
  readonly emit: EmitEvent;
}

/** Reader, writer and journal of one account. Throws `audit-unwritable`, for which nothing would be written. */
export async function openAccountPorts(connection: AccountConnection, account: number): Promise<WritePorts> {
  const journal = await openJournal(connection, { policy: connection.policy, account });
  return { ...(await openConnection(connection, account)), journal };
}

/** What one account is only read with. Nothing is opened that could be written to. */
export async function openReadPorts(connection: AccountConnection, account: number): Promise<ReadPorts> {
  const { reader, clock } = await openConnection(connection, account);
  return { reader, clock };
}

async function openConnection(connection: AccountConnection, account: number): Promise<AccountPorts> {
  const { io, settings, token, limiter, policy, emit } = connection;
  const origin: Origin = { policy, account };
  return connect(io, {
    account,
    token,
    settings,
    limiter,
    onRequest: ({ method, route, status, durationMs, waitedMs, retry }) =>
      emit({ kind: 'api.request', ...origin, method, route, status, durationMs, waitedMs, retry }),
  });
}

async function openJournal(
  { io, settings, emit }: AccountConnection,
  { policy, account }: Origin,
): Promise<WriteJournal> {
  const file = account === null ? null : auditLogPath(settings, account);
  if (file === null || account === null) return NO_JOURNAL;
  const { openAuditLog } = await import('../../../adapters/audit/open-audit-log.ts');
  const { journal, repaired, unknown } = await openAuditLog({
    file: resolve(io.cwd, file),
    account,
    now: () => io.clock.now(),
  });
  if (repaired > 0) emit({ kind: 'audit.repaired', policy, account, bytes: repaired });
  for (const { access, runId } of unknown) emit({ kind: 'audit.unknown', policy, account, access, runId });
  return journal;
}
