import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { syncDirectory } from './sync-directory.ts';

/** State, plans and torn audit lines name people and their access: only the owner reads them. */
const OWNER_ONLY = 0o600;

/** A file name has 255 bytes at most, and the new name is longer than that of the file. */
const NAME_CHARACTERS_MAX = 100;

const TEMPORARY_END = '.tmp';

export interface WholeFileOptions {
  /**
   * Where the data is written before the rename. Default: a new name in the same directory, which no one can have prepared
   * as a link. A caller that names a path here removes it first; the write fails if anything is there.
   */
  readonly temporary?: string;
  /** The mode of the file whatever the umask is. Default: 0600, less the umask. */
  readonly mode?: number;
  /** Whether the rename must survive a power cut. Syncing the directory needs the right to read it. */
  readonly syncsDirectory: boolean;
}

/**
 * Replaces a file, so that it has the old data or the new data, even if the process or the machine ends in between. The
 * data is on the disk before the rename. Replaces a link itself, not what it points to. Throws the system's error, and
 * then leaves nothing behind; only a process that is killed leaves a temporary file. Data in pieces is written piece by piece.
 */
export async function writeWholeFile(
  path: string,
  data: string | Uint8Array | Iterable<string>,
  options: WholeFileOptions,
) {
  const temporary = options.temporary ?? join(dirname(path), `${temporaryPrefix(path)}${randomUUID()}${TEMPORARY_END}`);
  try {
    const handle = await open(temporary, 'wx', OWNER_ONLY);
    try {
      if (options.mode !== undefined) await handle.chmod(options.mode);
      await writeFile(handle, data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  if (options.syncsDirectory) await syncDirectory(dirname(path));
}

/** Removes what killed writers of this file left behind. A leftover that cannot be removed does no harm. */
export async function removeLeftovers(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  const prefix = temporaryPrefix(path);
  const leftovers = names.filter((name) => name.startsWith(prefix) && name.endsWith(TEMPORARY_END));
  await Promise.all(leftovers.map((name) => rm(join(dirname(path), name), { force: true }).catch(() => {})));
}

function temporaryPrefix(path: string): string {
  return `.${basename(path).slice(0, NAME_CHARACTERS_MAX)}.`;
}
