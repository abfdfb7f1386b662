import { fstatSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { GrantdError } from '../../core/domain/text/error.ts';
import { systemCode } from '../../platform/system-code.ts';

/** Whether a stream of the process is a file, or a device that is no terminal, such as /dev/null. */
export function isFile(fd: number): boolean {
  const found = fstatSync(fd);
  return (found.isFile() || found.isCharacterDevice() || found.isBlockDevice()) && !isatty(fd);
}

/**
 * Writes all of a text to a file. Node's own stream writes once and drops what did not fit, so on a full disk a text would
 * be cut off without an error. Throws `file-unwritable`.
 */
export function writeToFile(fd: number, text: string): void {
  const bytes = Buffer.from(text);
  try {
    for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
  } catch (error) {
    const code = systemCode(error);
    throw new GrantdError(
      'file-unwritable',
      `standard output cannot be written, and what it has is not complete: ${WHY.get(code) ?? code}`,
      'make room, or choose another place',
      error,
    );
  }
}

const WHY: ReadonlyMap<string, string> = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the quota of this user is used up'],
  ['EFBIG', 'the file may not grow any more'],
  ['EIO', 'the disk refuses it'],
]);
