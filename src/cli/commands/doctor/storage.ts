import { randomUUID } from 'node:crypto';
import { open, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { auditLogPath } from '../../../adapters/settings/audit-log-path.ts';
import { systemCode } from '../../../platform/system-code.ts';
import type { Call } from '../../line/command.ts';
import { type Finding, fail, ok, unknown } from './finding.ts';
import type { Patient } from './patient.ts';

/** Whether what grantd remembers can be kept: by making a file there, and taking it away. */
export async function checkState({ settings, io }: Call): Promise<Finding> {
  const { stateDir, stateConfigMap } = settings;
  if (stateConfigMap !== null) return ok(`kept in the ConfigMap ${stateConfigMap}; cluster looks at the rights to it`);
  if (stateDir === null) return ok('no stateDir is set: what is remembered lasts as long as the process');
  return (await unwritable(io.cwd, stateDir, 'stateDir')) ?? ok(`${stateDir} can be written to, or made`);
}

/** The same for the audit log, without which nothing is written to the account. */
export async function checkAudit(patient: Patient): Promise<Finding> {
  const { settings, io } = patient.call;
  if (settings.auditLog === null && settings.stateDir === null) {
    return ok('none is kept: neither auditLog nor stateDir is set');
  }
  const look = await patient.policyLook();
  if (look.kind !== 'valid') return unknown('not looked for: no valid policy says which account it is of');
  const path = auditLogPath(settings, look.resolved.policy.account);
  if (path === null) return ok('none is kept');
  return (await unwritable(io.cwd, dirname(path), 'the audit log')) ?? (await appendable(io.cwd, path));
}

async function appendable(cwd: string, path: string): Promise<Finding> {
  const found = await stat(resolve(cwd, path)).catch(() => null);
  if (found === null) return ok(`${path} is not there yet, and can be made`);
  if (!found.isFile()) return fail(`${path} is no file`, 'name a file in auditLog');
  try {
    await (await open(resolve(cwd, path), 'r+')).close();
    return ok(`${path} can be written to`);
  } catch (error) {
    return fail(`${path} cannot be written to (${systemCode(error)})`, 'let this user write to it');
  }
}

/** Null where a file could be made in the directory, and was taken away. One that is not there would be made first. */
async function unwritable(cwd: string, directory: string, what: string): Promise<Finding | null> {
  const path = join(await nearestThere(resolve(cwd, directory)), `.grantd-doctor-${randomUUID()}.tmp`);
  try {
    await (await open(path, 'wx', 0o600)).close();
    await rm(path, { force: true });
    return null;
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    const code = systemCode(error);
    const [why, remedy] = EXPLAINED.get(code) ?? [`cannot be written to (${code})`, 'look at its disk'];
    return fail(`the directory of ${what}, ${directory}, ${why}`, remedy);
  }
}

/** The directory itself, or the closest one above it that is there. */
async function nearestThere(directory: string): Promise<string> {
  for (let path = directory; ; path = dirname(path)) {
    const found = await stat(path).catch((error) => (systemCode(error) === 'ENOENT' ? null : path));
    if (found !== null || path === dirname(path)) return path;
  }
}

const EXPLAINED: ReadonlyMap<string, readonly [why: string, remedy: string]> = new Map([
  ['ENOTDIR', ['is no directory', 'name a directory']],
  ['EACCES', ['may not be written to by this user', 'let this user write to it']],
  ['EPERM', ['may not be written to by this user', 'let this user write to it']],
  ['EROFS', ['lies on a file system that is read-only', 'mount a volume there that can be written to']],
  ['ENOSPC', ['lies on a full disk', 'make room']],
]);
