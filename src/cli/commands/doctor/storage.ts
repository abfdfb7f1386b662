import { randomUUID } from 'node:crypto';
import { lstat, open, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { openToAll } from '../../../adapters/audit/open-audit-log.ts';
import { auditLogPath } from '../../../adapters/settings/audit-log-path.ts';
import { shellWord } from '../../../core/domain/text/text.ts';
import { systemCode } from '../../../platform/system-code.ts';
import type { CallContext } from '../../line/command.ts';
import type { DoctorContext } from './context.ts';
import { type DoctorFinding, fail, ok, unknown, warn } from './finding.ts';

/** Whether grantd can save its state: it makes a file there, and removes it. */
export async function checkState({ settings, io }: CallContext): Promise<DoctorFinding> {
  const { stateDir, stateConfigMap } = settings;
  if (stateConfigMap !== null)
    return ok(`kept in the ConfigMap ${stateConfigMap}; the check cluster looks at the rights to it`);
  if (stateDir === null) return ok('no stateDir is set: grantd forgets its state when the process ends');
  return (await unwritable(io.cwd, stateDir, 'stateDir')) ?? ok(`grantd can write to ${stateDir}, or make it`);
}

/** The same for the audit log. If it is set and cannot be written, grantd does not write to the account. */
export async function checkAudit(context: DoctorContext): Promise<DoctorFinding> {
  const { settings, io } = context.call;
  if (settings.auditLog === null && settings.stateDir === null) {
    return ok('there is none: neither auditLog nor stateDir is set');
  }
  const look = await context.policyLook();
  if (look.kind !== 'valid') return unknown('not checked: no valid policy says for which account it is');
  const path = auditLogPath(settings, look.resolved.policy.account);
  if (path === null) return ok('there is none');
  return (await unwritable(io.cwd, dirname(path), 'the audit log')) ?? (await appendable(io.cwd, path));
}

async function appendable(cwd: string, path: string): Promise<DoctorFinding> {
  const found = await lstat(resolve(cwd, path)).catch(() => null);
  if (found === null) return ok(`${path} does not exist yet, and grantd can make it`);
  if (found.isSymbolicLink()) {
    return fail(`${path} is a symbolic link, which grantd does not follow`, 'delete it, or name the file in auditLog');
  }
  if (!found.isFile()) return fail(`${path} is not a file`, 'name a file in auditLog');
  try {
    await (await open(resolve(cwd, path), 'r+')).close();
    const openTo = openToAll(found.mode);
    if (openTo === null) return ok(`grantd can write to ${path}`);
    const what = openTo === 'write' ? 'write to' : 'read';
    return warn(`every user of this machine can ${what} ${path}`, `chmod 600 ${shellWord(path)}`);
  } catch (error) {
    return fail(`grantd cannot write to ${path} (${systemCode(error)})`, 'let this user write to it');
  }
}

/** Null if grantd could make a file in the directory and remove it. For a missing directory it tries the closest parent. */
async function unwritable(cwd: string, directory: string, what: string): Promise<DoctorFinding | null> {
  const path = join(await nearestThere(resolve(cwd, directory)), `.grantd-doctor-${randomUUID()}.tmp`);
  try {
    await (await open(path, 'wx', 0o600)).close();
    await rm(path, { force: true });
    return null;
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    const code = systemCode(error);
    const [why, remedy] = EXPLAINED.get(code) ?? [`cannot be written (${code})`, 'look at its disk'];
    return fail(`the directory of ${what}, ${directory}, ${why}`, remedy);
  }
}

/** The directory itself, or the closest parent that exists. */
async function nearestThere(directory: string): Promise<string> {
  for (let path = directory; ; path = dirname(path)) {
    const found = await stat(path).catch((error) => (systemCode(error) === 'ENOENT' ? null : path));
    if (found !== null || path === dirname(path)) return path;
  }
}

const EXPLAINED: ReadonlyMap<string, readonly [why: string, remedy: string]> = new Map([
  ['ENOTDIR', ['is not a directory', 'name a directory']],
  ['EACCES', ['may not be written by this user', 'let this user write to it']],
  ['EPERM', ['may not be written by this user', 'let this user write to it']],
  ['EROFS', ['is on a read-only file system', 'mount a writable volume there']],
  ['ENOSPC', ['is on a full disk', 'make room']],
]);
