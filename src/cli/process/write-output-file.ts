import { randomUUID } from 'node:crypto';
import { lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { GrantdError } from '../../core/domain/text/error.ts';
import { UsageError } from '../line/errors.ts';

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
  const temporary = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
  await requireFileOrNothing(path, shownPath);
  try {
    const handle = await open(temporary, 'wx', OWNER_ONLY);
    try {
      await handle.chmod(mode);
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw unwritable(shownPath, error);
  }
}

/**
 * Writes a file that is not there yet, readable like any other: a policy is made to be committed. What is there is left
 * alone, be it a link to nowhere. Throws `UsageError` where it is there.
 */
export async function writeNewFile(cwd: string, shownPath: string, text: string): Promise<void> {
  if (shownPath === '') throw new UsageError('--out names no file', 'name a file, or - to print');
  const path = resolve(cwd, shownPath);
  const handle = await open(path, 'wx').catch((error) => {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') throw isThere(shownPath);
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
    `${shownPath} is there already, and is left alone`,
    `grantd import --update ${shownPath} takes into it what the account holds beyond it; else name another file`,
  );
}

async function requireFileOrNothing(path: string, shownPath: string): Promise<void> {
  const found = await lstat(path).catch(() => null);
  if (found === null || found.isFile()) return;
  const what = found.isDirectory() ? 'a directory' : found.isSymbolicLink() ? 'a symbolic link' : 'no ordinary file';
  throw new GrantdError('file-unwritable', `${shownPath} is ${what}, and is left alone`, 'name an ordinary file');
}

/** What a failed write means, and what to do. */
function unwritable(shownPath: string, cause: unknown): GrantdError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
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
