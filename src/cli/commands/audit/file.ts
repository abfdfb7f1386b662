import { resolve } from 'node:path';
import { auditLogPath } from '../../../adapters/settings/audit-log-path.ts';
import { ACCOUNT_PLACEHOLDER } from '../../../adapters/settings/path-kinds.ts';
import { NAMED_PIPE } from '../../../platform/open-to-read.ts';
import { UsageError } from '../../line/errors.ts';
import { forOneAccount } from '../../line/one-account.ts';
import { openPolicy } from '../../open/policy.ts';
import type { AuditCall } from './spec.ts';

/** A log to read: its path as the user wrote it, and its full path. */
export interface NamedLog {
  readonly shownPath: string;
  readonly path: string;
}

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

/** Reads a log. An error of the system becomes a `UsageError`. */
export async function reading<T>({ shownPath }: NamedLog, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : null;
    // An error of grantd has a code too, and keeps its message.
    if (code === null || !/^E[A-Z0-9]+$/.test(code)) throw error;
    const [why, remedy] = EXPLAINED.get(code) ?? [`cannot be read (${code})`, 'look at the file and at its disk'];
    throw new UsageError(`the audit log ${shownPath} ${why}`, remedy);
  }
}

const EXPLAINED: ReadonlyMap<string, readonly [why: string, remedy: string]> = new Map([
  ['ENOENT', ['does not exist', 'check the path; the first run of grantd with an audit log makes it']],
  ['ENOTDIR', ['does not exist: a part of its path is a file', 'check the path']],
  ['EISDIR', ['is a directory', 'name the file in it']],
  [NAMED_PIPE, ['is a named pipe', 'name an ordinary file']],
  ['EACCES', ['may not be read by this user', 'read it as the user that grantd runs as']],
  ['EPERM', ['may not be read by this user', 'read it as the user that grantd runs as']],
]);
