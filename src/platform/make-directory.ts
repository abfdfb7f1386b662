import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Says who may do what: nobody else's business. */
const OWNER_ONLY = 0o700;

/**
 * Makes a directory and those above it that are missing. Throws the system's error. The recursive `mkdir` of Node never
 * ends where a file system refuses a new directory as if the one above it were missing, as /proc does.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await isThere(path)) return;
  const above = dirname(path);
  if (above !== path) await makeDirectory(above);
  try {
    await mkdir(path, { mode: OWNER_ONLY });
  } catch (error) {
    // Somebody else may have made it meanwhile.
    if (!(await isThere(path))) throw error;
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
  throw Object.assign(new Error(`${path} is no directory`), { code: 'EEXIST' });
}
