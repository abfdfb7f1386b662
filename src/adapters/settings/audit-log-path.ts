import { join } from 'node:path';
import { ACCOUNT_PLACEHOLDER } from './path-kinds.ts';
import type { Settings } from './settings-table.ts';

/** The path of the audit log of an account: `auditLog`, otherwise a file in `stateDir`. Null if neither is set: then there is no log. */
export function auditLogPath(
  { auditLog, stateDir }: Pick<Settings, 'auditLog' | 'stateDir'>,
  account: number,
): string | null {
  if (auditLog !== null) return auditLog.replaceAll(ACCOUNT_PLACEHOLDER, String(account));
  return stateDir === null ? null : join(stateDir, `audit-${account}.jsonl`);
}
