import { randomUUID } from 'node:crypto';
import { lstat, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { openToAll } from '../../../adapters/audit/open-audit-log.ts';
import { auditLogPath } from '../../../adapters/settings/audit-log-path.ts';
import { shellWord } from '../../../core/domain/text/text.ts';
import { systemCode } from '../../../platform/system-code.ts';
import { writeWholeFile } from '../../../platform/whole-file.ts';
import type { CallContext } from '../../line/command.ts';
import type { DoctorContext } from './context.ts';
import { type DoctorFinding, fail, ok, unknown, warn } from './finding.ts';

/** Whether grantd can save its state: it writes a file there as it saves its state, and removes it. */
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

/** How much is written to try a directory: a full disk still takes an empty file. */
const TRIED_BYTES = 64 * 1024;

/**
 * Null if grantd could write and sync a file in the directory and remove it. The file is as large as the largest one there that
 * grantd would replace. For a missing directory it tries the closest parent.
 */
async function unwritable(cwd: string, directory: string, what: string): Promise<DoctorFinding | null> {
  const place = await nearestThere(resolve(cwd, directory));
  const path = join(place, `.grantd-doctor-${randomUUID()}.tmp`);
  try {
    await writeWholeFile(path, Buffer.alloc(Math.max(TRIED_BYTES, await largestState(place))), {
      syncsDirectory: false,
    });
    await rm(path);
    return null;
  } catch (error) {
    await rm(path, { force: true }).catch(() => {});
    const code = systemCode(error);
    const [why, remedy] = EXPLAINED.get(code) ?? [`cannot be written (${code})`, 'look at its disk'];
    return fail(`the directory of ${what}, ${directory}, ${why}`, remedy);
  }
}

/** The bytes of the largest state in a directory. A new state is written beside the old one before it takes its place. */
async function largestState(directory: string): Promise<number> {
  const names = (await readdir(directory).catch(() => [])).filter((name) => /^account-\d+\.json$/.test(name));
  const sizes = await Promise.all(
    names.map(async (name) => (await lstat(join(directory, name)).catch(() => null))?.size ?? 0),
  );
  return Math.max(0, ...sizes);
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
  ['EDQUOT', ['is over the quota of this user', 'make room, or raise the quota']],
]);
