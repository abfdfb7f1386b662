import { open } from 'node:fs/promises';

/** Makes what was created or renamed in a directory survive a power cut. Throws the system's error. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
