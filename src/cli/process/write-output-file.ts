import { lstat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GrantdError } from '../../core/domain/text/error.ts';
import { systemCode } from '../../platform/system-code.ts';
import { writeWholeFile } from '../../platform/whole-file.ts';

/** Plans and snapshots say who may do what: nobody else's business. */
const OWNER_ONLY = 0o600;

/**
 * Writes a file so that it is there whole or not at all, readable by its owner only unless `mode` says more. It is written
 * beside its place under a new name, which nobody can have prepared as a link, and then renamed. What is there and no file
 * is left alone: to rename over /dev/null would end it.
 */
export async function writeOutputFile(
  cwd: string,
  shownPath: string,
  text: string,
  mode: number = OWNER_ONLY,
): Promise<void> {
  const path = resolve(cwd, shownPath);
  await requireFileOrNothing(path, shownPath);
  try {
    await writeWholeFile(path, text, { mode, syncsDirectory: false });
  } catch (error) {
    throw unwritable(shownPath, error);
  }
}

async function requireFileOrNothing(path: string, shownPath: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null || found.isFile()) return;
  const what = found.isDirectory() ? 'a directory' : found.isSymbolicLink() ? 'a symbolic link' : 'no ordinary file';
  throw new GrantdError('file-unwritable', `${shownPath} is ${what}, and is left alone`, 'name an ordinary file');
}

/** What a failed write means, and what to do. */
export function unwritable(shownPath: string, cause: unknown): GrantdError {
  const code = systemCode(cause);
  const [what, remedy] = EXPLAINED.get(code) ?? [`cannot be written (${code})`, 'look at its directory and its disk'];
  return new GrantdError('file-unwritable', `${shownPath} ${what}`, remedy, cause);
}

const EXPLAINED: ReadonlyMap<string, readonly [what: string, remedy: string]> = new Map([
  ['ENOENT', ['cannot be written: its directory does not exist', 'make the directory first, or choose another place']],
  ['ENOTDIR', ['cannot be written: a part of its path is a file', 'choose another place']],
  [
    'EACCES',
    ['cannot be written: this user may not write to its directory', 'choose a directory that it may write to'],
  ],
  ['EPERM', ['cannot be written: this user may not write to its directory', 'choose a directory that it may write to']],
  ['EROFS', ['cannot be written: the file system is read-only', 'choose another place']],
  ['ENOSPC', ['cannot be written: the disk is full', 'make room, or choose another place']],
  ['ENAMETOOLONG', ['has a name that is too long', 'choose a shorter one']],
]);
