import { open, rm } from 'node:fs/promises';
import { resolve } from 'node:path';
import { UsageError } from '../line/errors.ts';
import { unwritable } from './write-output-file.ts';

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
