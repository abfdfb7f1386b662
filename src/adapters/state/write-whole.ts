import { randomUUID } from 'node:crypto';
import { open, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** What is remembered says who may do what: nobody else's business. */
const OWNER_ONLY = 0o600;

/**
 * Replaces a file so that it holds the old text or the new one, whatever ends the process or the machine in between. The
 * text is written under a new name, which nobody can have prepared as a link. Throws the system's error.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const temporary = join(dirname(path), `${temporaryPrefix(path)}${randomUUID()}${TEMPORARY_END}`);
  try {
    const handle = await open(temporary, 'wx', OWNER_ONLY);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
  await syncDirectory(dirname(path));
}

/** Makes renames in a directory last. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Takes away what writers of this file left behind when they were killed. What cannot be taken away does no harm. */
export async function removeLeftovers(path: string): Promise<void> {
  const names = await readdir(dirname(path)).catch(() => []);
  const prefix = temporaryPrefix(path);
  const leftovers = names.filter((name) => name.startsWith(prefix) && name.endsWith(TEMPORARY_END));
  await Promise.all(leftovers.map((name) => rm(join(dirname(path), name), { force: true }).catch(() => {})));
}

const TEMPORARY_END = '.tmp';

function temporaryPrefix(path: string): string {
  return `.${basename(path)}.`;
}
