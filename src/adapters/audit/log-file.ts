import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Instant } from '../../core/domain/text/instant.ts';
import { makeDirectory } from '../../platform/make-directory.ts';
import { syncDirectory } from '../../platform/sync-directory.ts';
import { systemCode } from '../../platform/system-code.ts';
import { auditFault, auditUnwritable, LOOK_AND_MOVE } from './audit-fault.ts';
import type { AuditRecord, IntentBody, Writer } from './audit-record.ts';
import { type Chain, LogEnd } from './log-end.ts';
import { PROCESS_ID } from './process-life.ts';
import { readTail, type Tail } from './read-tail.ts';
import { finishRepair, putAside } from './repair-tail.ts';
import { withWriterLock } from './writer-lock.ts';

/** The log says who has which access: only its owner may read it. */
const OWNER_ONLY = 0o600;

export interface LogFileOptions {
  readonly file: string;
  readonly account: number;
  readonly writer: Writer;
  readonly now: () => Instant;
}

/** What reading the end of a log again found. */
export interface Recovered {
  /** Bytes put aside. */
  readonly repaired: number;
  readonly open: readonly AuditRecord<IntentBody>[];
  /** The permissions of the file. */
  readonly mode: number;
}

interface Found {
  readonly end: LogEnd;
  /** Null if the log is as this process left it. */
  readonly recovered: Recovered | null;
}

/** The file of a log. It is opened for each addition, so that grantd notices if it was moved away. */
export class LogFile {
  readonly #options: LogFileOptions;
  #left: Chain | null = null;

  constructor(options: LogFileOptions) {
    this.#options = options;
  }

  /** Runs work at the end of the log while no other process adds to it. Throws `audit-unwritable`. */
  async atEnd<T>(work: (end: LogEnd, recovered: Recovered | null) => Promise<T>): Promise<T> {
    const { file, writer } = this.#options;
    try {
      await makeDirectory(dirname(file));
      return await withWriterLock(file, { ...writer, id: PROCESS_ID }, () => this.#withHandle(work));
    } catch (error) {
      throw auditUnwritable(file, error);
    }
  }

  async #withHandle<T>(work: (end: LogEnd, recovered: Recovered | null) => Promise<T>): Promise<T> {
    const handle = await this.#open();
    try {
      const { end, recovered } = await this.#findEnd(handle);
      try {
        return await work(end, recovered);
      } finally {
        this.#left = end.chain;
      }
    } finally {
      await handle.close();
    }
  }

  async #open(): Promise<FileHandle> {
    const { file } = this.#options;
    // A link would let its maker choose which file grantd writes to.
    const flags = constants.O_RDWR | constants.O_APPEND | constants.O_NOFOLLOW;
    try {
      return await open(file, flags);
    } catch (error) {
      if (systemCode(error) !== 'ENOENT') throw error;
    }
    this.#left = null;
    const handle = await open(file, flags | constants.O_CREAT, OWNER_ONLY);
    await syncDirectory(dirname(file));
    return handle;
  }

  /** Reads nothing if the log is as this process left it. */
  async #findEnd(handle: FileHandle): Promise<Found> {
    const { file, account, writer } = this.#options;
    const found = await handle.stat({ bigint: true });
    if (!found.isFile()) throw auditFault(file, 'is no ordinary file', 'set auditLog to an ordinary file');
    const key = keyOf(found);
    const size = Number(found.size);
    const left = this.#left?.key === key ? this.#left : null;
    if (left?.size === size) return { end: new LogEnd(file, writer, handle, left), recovered: null };
    if (left !== null && size < left.size) throw this.#cutOff();
    const tail = await readTail(file, account, handle, size);
    if (left !== null && tail.seq <= left.seq && tail.hash !== left.hash) throw this.#cutOff();
    return this.#repair(handle, { key, mode: Number(found.mode) & 0o777 }, tail);
  }

  async #repair(
    handle: FileHandle,
    { key, mode }: { readonly key: string; readonly mode: number },
    tail: Tail,
  ): Promise<Found> {
    const { file, account, writer, now } = this.#options;
    if (tail.torn.length > 0) {
      await putAside(file, tail.torn);
      await handle.truncate(tail.size);
      await handle.datasync();
    }
    const { size, seq, hash } = tail;
    const end = new LogEnd(file, writer, handle, { key, size, seq, hash, open: tail.open.map((one) => one.seq) });
    const repaired = await finishRepair(
      file,
      async (body) => {
        await end.append({ body, time: now(), account, closes: null });
      },
      seq + 1,
    );
    return { end, recovered: { repaired, open: tail.open, mode } };
  }

  #cutOff(): Error {
    return auditFault(
      this.#options.file,
      'is shorter than grantd left it, or was written again: records were removed',
      LOOK_AND_MOVE,
    );
  }
}

/** File systems reuse inode numbers; the time of birth distinguishes two files that had the same one. */
function keyOf({ dev, ino, birthtimeNs }: BigIntStats): string {
  return `${dev} ${ino} ${birthtimeNs}`;
}
