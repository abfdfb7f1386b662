import type { JournalEntry, PutEnd } from '../../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';

/** Knows for a whole run whether what is written can still be written down. Once it cannot, no further PUT begins. */
export class JournalWatch {
  #failure: GrantdError | null = null;

  get failure(): GrantdError | null {
    return this.#failure;
  }

  /** Why nothing may be written any more, or null. */
  get obstacle(): string | null {
    return this.#failure && `the audit log cannot be written: ${this.#failure.message}`;
  }

  broken(error: GrantdError): void {
    this.#failure ??= error;
  }

  /** The hash of the record; null where it could not be written, which changes nothing about the PUT. */
  async writeDown(entry: JournalEntry, end: PutEnd): Promise<string | null> {
    try {
      return await entry.ended(end);
    } catch (error) {
      if (!(error instanceof GrantdError)) throw error;
      this.broken(error);
      return null;
    }
  }
}
