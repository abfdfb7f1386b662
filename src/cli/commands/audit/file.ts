import { resolve } from 'node:path';
import { auditLogPath } from '../../../adapters/settings/audit-log-path.ts';
import { ACCOUNT_PLACEHOLDER } from '../../../adapters/settings/path-kinds.ts';
import { UsageError } from '../../line/errors.ts';
import { forOneAccount } from '../../line/one-account.ts';
import type { NamedLog } from '../../open/audit-log.ts';
import { openPolicy } from '../../open/policy.ts';
import type { AuditCall } from './spec.ts';

/** The log that the call names, or the one of the settings for the account of the policy. */
export async function auditFileOf(call: AuditCall): Promise<NamedLog> {
  const shownPath = call.arguments.file ?? (await configuredLog(call));
  return { shownPath, path: resolve(call.io.cwd, shownPath) };
}

async function configuredLog(call: AuditCall): Promise<string> {
  const { auditLog, stateDir } = call.settings;
  if (auditLog !== null && !auditLog.includes(ACCOUNT_PLACEHOLDER)) return auditLog;
  if (auditLog === null && stateDir === null) {
    throw new UsageError(
      'no audit log is named, neither as FILE nor by the settings',
      'name the file, as in grantd audit show audit.jsonl; or set auditLog or stateDir as for grantd run',
    );
  }
  const one = forOneAccount(call);
  const { policy } = await openPolicy(one);
  return auditLogPath(one.settings, policy.account) ?? '';
}
