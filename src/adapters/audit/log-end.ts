import type { FileHandle } from 'node:fs/promises';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import { auditFault, auditUnwritable } from './audit-fault.ts';
import {
  AUDIT_VERSION,
  encodeRecord,
  type IntentRef,
  LINE_BYTES_MAX,
  type RecordBody,
  type Writer,
} from './audit-record.ts';

/** The most intents without outcome at one time. A run has as many as it writes to principals at once. */
export const OPEN_MOST = 256;

/** How a log ended when it was last seen. */
export interface Chain {
  /** Identifies the file among all that ever had its name. */
  readonly key: string;
  readonly size: number;
  readonly seq: number;
  readonly hash: string;
  readonly open: readonly number[];
}

/** A record to add. `closes` is the number of the intent in this file whose outcome it is. */
export interface Addition {
  readonly body: RecordBody;
  readonly time: Instant;
  readonly account: number;
  readonly closes: number | null;
}

/** The end of a log, while no other process writes. */
export class LogEnd {
  readonly #file: string;
  readonly #writer: Writer;
  readonly #handle: FileHandle;
  #chain: Chain;

  constructor(file: string, writer: Writer, handle: FileHandle, chain: Chain) {
    this.#file = file;
    this.#writer = writer;
    this.#handle = handle;
    this.#chain = chain;
  }

  get chain(): Chain {
    return this.#chain;
  }

  /**
   * Resolves when the record is on the disk. After an error, the log ends as before, or with a torn line that the next
   * opening puts aside.
   */
  async append({ body, time, account, closes }: Addition): Promise<IntentRef> {
    const { key, size, seq: before, hash: prev, open: openBefore } = this.#chain;
    const seq = before + 1;
    const open = [...openBefore.filter((one) => one !== closes), ...(body.kind === 'intent' ? [seq] : [])];
    if (open.length > OPEN_MOST) throw this.#tooManyOpen();
    const { line, hash } = encodeRecord({
      version: AUDIT_VERSION,
      seq,
      prev,
      time: instantText(time),
      account,
      writer: this.#writer,
      open,
      ...body,
    });
    if (line.length > LINE_BYTES_MAX) throw this.#tooLong(line.length);
    await this.#write(line);
    this.#chain = { key, size: size + line.length, seq, hash, open };
    return { seq, hash };
  }

  async #write(line: Buffer): Promise<void> {
    try {
      // A second write follows only if the first was cut short. Its error says why; usually the disk is full.
      for (let written = 0; written < line.length; ) {
        const { bytesWritten } = await this.#handle.write(line, written, line.length - written, null);
        if (bytesWritten === 0) throw Object.assign(new Error('nothing was written'), { code: 'EIO' });
        written += bytesWritten;
      }
      await this.#handle.datasync();
    } catch (error) {
      await this.#takeBack();
      throw auditUnwritable(this.#file, error);
    }
  }

  /** If this fails too, the size of the file shows it before anything else is added. */
  async #takeBack(): Promise<void> {
    try {
      await this.#handle.truncate(this.#chain.size);
      await this.#handle.datasync();
    } catch {}
  }

  #tooManyOpen(): Error {
    return auditFault(
      this.#file,
      `has ${OPEN_MOST} intents without outcome, which is the most`,
      'see which processes write to it; when they are gone, the next start of grantd closes their intents as unknown',
    );
  }

  #tooLong(bytes: number): Error {
    return auditFault(
      this.#file,
      `would get a record of ${bytes} bytes, and ${LINE_BYTES_MAX} are the most`,
      'write fewer rows in one PUT: lower rowsPerPut',
    );
  }
}
