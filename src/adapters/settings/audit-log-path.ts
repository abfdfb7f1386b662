import { join } from 'node:path';
import { ACCOUNT_PLACEHOLDER } from './path-kinds.ts';
import type { Settings } from './settings-table.ts';

/** The audit log of an account: as `auditLog` says, else in `stateDir`; null where neither is set, and none is kept. */
export function auditLogPath(
  { auditLog, stateDir }: Pick<Settings, 'auditLog' | 'stateDir'>,
  account: number,
): string | null {
  if (auditLog !== null) return auditLog.replaceAll(ACCOUNT_PLACEHOLDER, String(account));
  return stateDir === null ? null : join(stateDir, `audit-${account}.jsonl`);
}
