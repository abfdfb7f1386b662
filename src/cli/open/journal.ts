import { resolve } from 'node:path';
import { auditLogPath } from '../../adapters/settings/audit-log-path.ts';
import { NO_JOURNAL, type WriteJournal } from '../../core/domain/run/daemon-ports.ts';
import { warningText } from '../../report/problems/text.ts';
import type { Call } from '../line/command.ts';

/** The audit log of an account, where the settings name one. Throws `audit-unwritable`. */
export async function openJournal({ io, settings, paint }: Call, account: number): Promise<WriteJournal> {
  const file = auditLogPath(settings, account);
  if (file === null) return NO_JOURNAL;
  const { openAuditLog } = await import('../../adapters/audit/open-audit-log.ts');
  const { journal, repaired, unknown } = await openAuditLog({
    file: resolve(io.cwd, file),
    account,
    now: () => io.clock.now(),
  });
  if (repaired > 0 || unknown.length > 0) {
    const what = `the audit log ${file} was cut off: ${repaired} bytes were put aside, ${unknown.length} writes have an unknown outcome`;
    io.stderr.write(warningText(what, `grantd audit show ${file}`, paint.stderr));
  }
  return journal;
}
