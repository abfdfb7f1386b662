import { resolve } from 'node:path';
import type { OpenedAuditLog } from '../../adapters/audit/open-audit-log.ts';
import { auditLogPath } from '../../adapters/settings/audit-log-path.ts';
import type { Settings } from '../../adapters/settings/settings-table.ts';
import { NO_JOURNAL } from '../../core/domain/run/daemon-ports.ts';
import type { CliIo } from '../process/io.ts';

/** The audit log of an account, and what had to be repaired in it when it was opened. The caller reports that. */
export interface OpenedJournal extends OpenedAuditLog {
  /** As the settings name it; null if they name none. Then nothing is logged, and nothing was repaired. */
  readonly file: string | null;
}

/** The flags with which another command uses the same audit log and state. */
export function auditFlags({
  auditLog,
  stateDir,
  stateConfigMap,
}: Pick<Settings, 'auditLog' | 'stateDir' | 'stateConfigMap'>): readonly string[] {
  return [
    ...(auditLog === null ? [] : ['--audit-log', auditLog]),
    ...(stateDir === null ? [] : ['--state-dir', stateDir]),
    ...(stateConfigMap === null ? [] : ['--state-config-map', stateConfigMap]),
  ];
}

/** Opens the audit log of an account, if the settings name one. Throws `audit-unwritable`. */
export async function openJournal(
  { io, settings }: { readonly io: Pick<CliIo, 'cwd' | 'clock'>; readonly settings: Settings },
  account: number,
): Promise<OpenedJournal> {
  const file = auditLogPath(settings, account);
  if (file === null) return { file, journal: NO_JOURNAL, repaired: 0, unknown: [], openTo: null };
  const { openAuditLog } = await import('../../adapters/audit/open-audit-log.ts');
  const opened = await openAuditLog({ file: resolve(io.cwd, file), account, now: () => io.clock.now() });
  return { file, ...opened };
}
