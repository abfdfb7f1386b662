import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncDirectory } from './sync-directory.ts';
import { systemCode } from './system-code.ts';

/** State and audit logs say who has which access: only their owner may list them. */
const OWNER_ONLY = 0o700;

/**
 * Makes a directory and those above it that are missing. They survive a power cut if this user may read the directory above.
 * Throws the system's error. Node's recursive `mkdir` never ends if a file system refuses a new directory with ENOENT, as
 * /proc does.
 */
export async function makeDirectory(path: string): Promise<void> {
  if (await isThere(path)) return;
  const above = dirname(path);
  if (above !== path) await makeDirectory(above);
  try {
    await mkdir(path, { mode: OWNER_ONLY });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!(await isThere(path))) throw error;
  }
  // Who may make a directory need not have the right to read the one above, and gets the new one all the same.
  await syncDirectory(above).catch(() => {});
}

async function isThere(path: string): Promise<boolean> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) return true;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return false;
    throw error;
  }
  throw Object.assign(new Error(`${path} is no directory`), { code: 'EEXIST' });
}
