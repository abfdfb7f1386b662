import type { JournalEntry, PutEnd } from '../../core/domain/run/daemon-ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';

/** Knows for a whole run whether the audit log still works. Once it fails, no further PUT begins. */
export class JournalWatch {
  #failure: GrantdError | null = null;

  /** The first failure of the audit log, or null. */
  get failure(): GrantdError | null {
    return this.#failure;
  }

  /** Why grantd must stop writing, or null. */
  get obstacle(): string | null {
    return this.#failure && `grantd cannot write the audit log: ${this.#failure.message}`;
  }

  /** Records a failure; only the first one counts. */
  broken(error: GrantdError): void {
    this.#failure ??= error;
  }

  /** Writes how a PUT ended, and returns the hash of the record; null if that failed, which does not change the PUT. */
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
