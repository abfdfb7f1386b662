import { constants } from 'node:fs';
import { type FileHandle, open, realpath } from 'node:fs/promises';

/** The code of the error for a named pipe. */
export const NAMED_PIPE = 'EFIFO';

/**
 * Opens a file to read it. To open a named pipe waits for a writer, who may never come, so it is refused. A pipe of a shell, as of `<(command)`, has a
 * writer. It has no real path, and is read.
 */
export async function openToRead(path: string): Promise<FileHandle> {
  const isNamed = await realpath(path).then(
    () => true,
    () => false,
  );
  if (!isNamed) return open(path, constants.O_RDONLY);
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  if (!(await handle.stat()).isFIFO()) return handle;
  await handle.close();
  throw Object.assign(new Error('a named pipe'), { code: NAMED_PIPE });
}
