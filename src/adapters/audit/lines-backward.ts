import type { FileHandle } from 'node:fs/promises';
import { LINE_BYTES_MAX } from './audit-record.ts';

/** One line without its line end, and the byte at which it begins. */
export interface FoundLine {
  readonly bytes: Buffer;
  readonly start: number;
}

const BLOCK_BYTES = 64 * 1024;
const LINE_END = 0x0a;

/**
 * The lines of a file from its end to its beginning, read block by block. The first one is what follows the last line
 * end: empty if the file ends with one. Ends early, with null, at a line that is longer than grantd writes.
 */
export async function* linesBackward(handle: FileHandle, size: number): AsyncGenerator<FoundLine | null, void> {
  let start = size;
  let rest: Buffer = Buffer.alloc(0);
  while (start > 0) {
    const length = Math.min(BLOCK_BYTES, start);
    start -= length;
    rest = Buffer.concat([await readBlock(handle, start, length), rest]);
    for (let at = rest.lastIndexOf(LINE_END); at !== -1; at = rest.lastIndexOf(LINE_END)) {
      yield { bytes: rest.subarray(at + 1), start: start + at + 1 };
      rest = rest.subarray(0, at);
    }
    if (rest.length > LINE_BYTES_MAX) return yield null;
  }
  yield { bytes: rest, start: 0 };
}

async function readBlock(handle: FileHandle, start: number, length: number): Promise<Buffer> {
  const block = Buffer.alloc(length);
  let size = 0;
  while (size < length) {
    const { bytesRead } = await handle.read(block, size, length - size, start + size);
    if (bytesRead === 0) throw Object.assign(new Error('the file became shorter'), { code: 'EIO' });
    size += bytesRead;
  }
  return block;
}
