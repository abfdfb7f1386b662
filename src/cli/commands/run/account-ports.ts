import type { Limiter } from '../../../adapters/mailtrap/transport/limiter.ts';
import type { Settings } from '../../../adapters/settings/settings-table.ts';
import type { EmitEvent, Origin } from '../../../core/domain/run/daemon-event.ts';
import type { WriteJournal } from '../../../core/domain/run/daemon-ports.ts';
import type { ReadPorts } from '../../../run/reconcile/preview.ts';
import type { WritePorts } from '../../../run/reconcile/reconcile.ts';
import { type AccountPorts, connect } from '../../open/connect.ts';
import { openJournal } from '../../open/journal.ts';
import type { CliIo } from '../../process/io.ts';

/** What a daemon opens the ports of an account with. */
export interface AccountConnection {
  readonly io: Pick<CliIo, 'clock' | 'random' | 'env' | 'cwd'>;
  readonly settings: Settings;
  readonly token: () => string;
  readonly limiter: Limiter;
  readonly policy: string;
  readonly emit: EmitEvent;
}

/** Reader, writer and journal of one account. Throws `audit-unwritable`: without its log, grantd writes nothing. */
export async function openAccountPorts(connection: AccountConnection, account: number): Promise<WritePorts> {
  const journal = await openWriteJournal(connection, account);
  return { ...(await openConnection(connection, account)), journal };
}

/** The reader of one account, without anything that can write. */
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

async function openWriteJournal(connection: AccountConnection, account: number): Promise<WriteJournal> {
  const { policy, emit } = connection;
  const { journal, repaired, unknown, openTo } = await openJournal(connection, account);
  if (repaired > 0) emit({ kind: 'audit.repaired', policy, account, bytes: repaired });
  for (const { access, runId } of unknown) emit({ kind: 'audit.unknown', policy, account, access, runId });
  if (openTo !== null) emit({ kind: 'audit.exposed', policy, account, openTo });
  return journal;
}
