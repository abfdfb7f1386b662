import { lstat, open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GrantdError } from '../../core/domain/text/error.ts';
import { shellWord } from '../../core/domain/text/text.ts';
import { systemCode } from '../../platform/system-code.ts';
import { writeWholeFile } from '../../platform/whole-file.ts';
import { UsageError } from '../line/errors.ts';

/** Plans and snapshots say who may do what, so only their owner may read them. */
const OWNER_ONLY = 0o600;

/**
 * Writes a file completely or not at all, readable by its owner only unless `mode` says more. It first writes a file with
 * a new random name in the same directory, so that no one can have prepared a link, and then renames it. It never replaces
 * anything but an ordinary file: a rename over /dev/null would destroy it.
 */
export async function writeOutputFile(
  cwd: string,
  shownPath: string,
  text: string | Iterable<string>,
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

/**
 * Writes a file that does not exist yet. It is readable like any other, because a policy is made to be committed. Throws
 * `UsageError` if the path exists, even as a link that leads nowhere.
 */
export async function writeNewFile(cwd: string, shownPath: string, text: string): Promise<void> {
  if (shownPath === '') throw new UsageError('--out names no file', 'name a file, or - to print');
  const path = resolve(cwd, shownPath);
  const handle = await open(path, 'wx').catch((error) => {
    if (systemCode(error) === 'EEXIST') throw isThere(shownPath);
    throw unwritable(shownPath, error);
  });
  try {
    await handle.writeFile(text);
    await handle.sync();
    await handle.close();
  } catch (error) {
    await handle.close().catch(() => {});
    await rm(path, { force: true }).catch(() => {});
    throw unwritable(shownPath, error);
  }
}

function isThere(shownPath: string): UsageError {
  return new UsageError(
    `${shownPath} exists already, and grantd does not overwrite it`,
    `grantd import --update ${shellWord(shownPath)} updates it with what the account has; or name another file`,
  );
}

/** Throws `file-unwritable` for a path that grantd must not replace: a directory, a link, a device. */
export async function requireFileOrNothing(path: string, shownPath: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null || found.isFile()) return;
  const what = found.isDirectory() ? 'a directory' : found.isSymbolicLink() ? 'a symbolic link' : 'no ordinary file';
  throw new GrantdError(
    'file-unwritable',
    `${shownPath} is ${what}, and grantd does not overwrite it`,
    'name an ordinary file',
  );
}

/** What a failed write means, and what to do. */
function unwritable(shownPath: string, cause: unknown): GrantdError {
  const code = systemCode(cause);
  const [what, remedy] = EXPLAINED.get(code) ?? [`cannot be written (${code})`, 'look at its directory and its disk'];
  return new GrantdError('file-unwritable', `${shownPath} ${what}`, remedy, cause);
}

const EXPLAINED: ReadonlyMap<string, readonly [what: string, remedy: string]> = new Map([
  ['ENOENT', ['cannot be written: its directory does not exist', 'make the directory first, or choose another path']],
  ['ENOTDIR', ['cannot be written: a part of its path is a file', 'choose another path']],
  [
    'EACCES',
    ['cannot be written: this user may not write to its directory', 'choose a directory that it may write to'],
  ],
  ['EPERM', ['cannot be written: this user may not write to its directory', 'choose a directory that it may write to']],
  ['EROFS', ['cannot be written: the file system is read-only', 'choose another path']],
  ['ENOSPC', ['cannot be written: the disk is full', 'make room, or choose another path']],
  ['ENAMETOOLONG', ['has a name that is too long', 'choose a shorter one']],
]);
