import { GrantdError } from '../../core/domain/text/error.ts';
import { systemCode } from '../../platform/system-code.ts';

/** Why the audit log cannot be written, as `audit-unwritable` with what to do. */
export function auditUnwritable(file: string, cause: unknown): GrantdError {
  if (cause instanceof GrantdError) return cause;
  const [why, remedy] = EXPLAINED.get(systemCode(cause)) ?? [
    `the system says ${systemCode(cause)}`,
    'check its directory and its disk',
  ];
  return auditFault(file, `cannot be written: ${why}`, remedy, cause);
}

/** A problem of the log itself because of which nothing may be added to it. */
export function auditFault(file: string, what: string, remedy: string, cause?: unknown): GrantdError {
  return new GrantdError('audit-unwritable', `the audit log ${file} ${what}`, remedy, cause);
}

/** The remedy for a log that someone else changed. */
export const LOOK_AND_MOVE =
  'see what `grantd audit verify` says and find out who changed the log; then move it away, and grantd begins a new one';

const RIGHTS = 'give this user the right to write to the file and its directory, or set auditLog to another place';

const EXPLAINED: ReadonlyMap<string, readonly [why: string, remedy: string]> = new Map([
  ['ENOSPC', ['the disk is full', 'make room on it; grantd tries again in its next run']],
  [
    'EDQUOT',
    ['the quota of this user is used up', 'make room, or raise the quota; grantd tries again in its next run'],
  ],
  ['EFBIG', ['the file may not grow any more', 'move it away, and grantd begins a new one; or raise the limit']],
  ['EACCES', ['this user may not write there', RIGHTS]],
  ['EPERM', ['this user may not write there', RIGHTS]],
  ['EROFS', ['the file system is read-only', 'mount a volume that can be written to, and set auditLog to it']],
  ['EIO', ['the disk refuses it', 'check the disk and the log of the system']],
  ['ENOTDIR', ['a part of its path is a file', 'set auditLog to a file in a directory']],
  ['ENOENT', ['its directory is gone', 'make it again; grantd tries again in its next run']],
  ['EEXIST', ['its directory is a file', 'set auditLog to a file in a directory']],
  ['EISDIR', ['it is a directory', 'set auditLog to a file']],
  [
    'ELOOP',
    ['it is a symbolic link, which grantd does not follow', 'delete the link, or set auditLog to the file itself'],
  ],
  ['ENAMETOOLONG', ['its name is too long', 'choose a shorter one']],
]);
