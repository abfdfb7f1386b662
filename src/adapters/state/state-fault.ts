import { GrantdError } from '../../core/domain/text/error.ts';
import { systemCode } from '../../platform/system-code.ts';

/** Why the state of an account could not be saved, as `state-unwritable` with what to do. */
export function stateUnwritable(path: string, cause: unknown): GrantdError {
  const [why, remedy] = explain(systemCode(cause));
  return new GrantdError('state-unwritable', `the state ${path} cannot be saved: ${why}`, remedy, cause);
}

function explain(code: string): readonly [why: string, remedy: string] {
  return EXPLAINED.get(code) ?? [`the system says ${code}`, 'look at its directory and its disk'];
}

const RIGHTS = 'give this user the right to write to the directory, or set stateDir to another one';

const EXPLAINED: ReadonlyMap<string, readonly [why: string, remedy: string]> = new Map([
  ['ENOSPC', ['the disk is full', 'make room on it; the next run saves again']],
  ['EDQUOT', ['the quota of this user is used up', 'make room, or raise the quota; the next run saves again']],
  ['EACCES', ['this user may not write there', RIGHTS]],
  ['EPERM', ['this user may not write there', RIGHTS]],
  ['EROFS', ['the file system is read-only', 'mount a volume that can be written to, and set stateDir to it']],
  ['ENOTDIR', ['a part of its path is a file', 'set stateDir to a directory']],
  ['EEXIST', ['its directory is a file', 'set stateDir to a directory']],
  ['EISDIR', ['a directory stands in its place', 'take that directory away']],
  ['ENOENT', ['its directory is gone', 'make it again; the next run saves again']],
]);
