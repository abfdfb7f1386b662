import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { openToRead } from '../../platform/open-to-read.ts';
import { LINE_BYTES_MAX } from './audit-record.ts';

/** One line of a log, counted from 1. `bytes` is null for a line that is longer than grantd writes. */
export interface LogLine {
  readonly number: number;
  readonly bytes: Buffer | null;
  /** Whether a line end follows. */
  readonly isWhole: boolean;
}

const BLOCK_BYTES = 256 * 1024;
const LINE_END = 0x0a;

/** Another process may be writing the last line. */
const LOOKS_MOST = 5;
const LOOK_AGAIN_AFTER_MS = 50;

/** The lines of a file, however large it is, with no more than a line of it in memory. Throws the system's error. */
export async function* readLines(path: string): AsyncGenerator<LogLine, void> {
  const handle = await openToRead(path);
  try {
    const cutter = new LineCutter();
    for await (const block of blocksOf(handle, () => cutter.isAtLineEnd)) yield* cutter.cut(block);
    yield* cutter.rest();
  } finally {
    await handle.close();
  }
}

async function* blocksOf(handle: FileHandle, isAtLineEnd: () => boolean): AsyncGenerator<Buffer, void> {
  for (let looks = 0; ; ) {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    const { bytesRead } = await handle.read(block, 0, BLOCK_BYTES, null);
    if (bytesRead > 0) {
      looks = 0;
      yield block.subarray(0, bytesRead);
      continue;
    }
    looks += 1;
    if (isAtLineEnd() || looks === LOOKS_MOST) return;
    await sleep(LOOK_AGAIN_AFTER_MS);
  }
}

/** Cuts blocks into lines. */
class LineCutter {
  #number = 1;
  #parts: Buffer[] = [];
  #size = 0;

  get isAtLineEnd(): boolean {
    return this.#size === 0;
  }

  *cut(block: Buffer): Generator<LogLine, void> {
    let from = 0;
    for (let at = block.indexOf(LINE_END); at !== -1; at = block.indexOf(LINE_END, from)) {
      this.#take(block.subarray(from, at));
      yield this.#line(true);
      from = at + 1;
    }
    this.#take(block.subarray(from));
  }

  *rest(): Generator<LogLine, void> {
    if (this.#size > 0) yield this.#line(false);
  }

  #take(part: Buffer): void {
    this.#size += part.length;
    if (this.#size <= LINE_BYTES_MAX) this.#parts.push(part);
    else this.#parts = [];
  }

  #line(isWhole: boolean): LogLine {
    const bytes = this.#size > LINE_BYTES_MAX ? null : Buffer.concat(this.#parts);
    const line = { number: this.#number, bytes, isWhole };
    this.#number += 1;
    this.#parts = [];
    this.#size = 0;
    return line;
  }
}
