import type { IntendedPut, JournalEntry, PutEnd, WriteJournal } from '../../core/domain/run/daemon-ports.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { IntentRef } from './audit-record.ts';
import type { Addition, LogEnd } from './log-end.ts';
import type { LogFile } from './log-file.ts';
import { intentBody, outcomeBody } from './put-record.ts';

/** An intent, and the file that contains it. */
interface Written extends IntentRef {
  readonly key: string;
}

/** An outcome, when it was known, and the hash of its record once it has one. */
interface Known {
  readonly put: IntendedPut;
  readonly intent: Written;
  readonly end: PutEnd;
  readonly time: Instant;
  hash: string | null;
}

/**
 * Adds to an audit log, one record after the other. If an outcome cannot be written, the journal keeps it and writes it
 * first once it can. There are no more of these than intents without outcome.
 */
export class AuditJournal implements WriteJournal {
  readonly #log: LogFile;
  readonly #account: number;
  readonly #now: () => Instant;
  readonly #owed = new Set<Known>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(log: LogFile, account: number, now: () => Instant) {
    this.#log = log;
    this.#account = account;
    this.#now = now;
  }

  async intend(put: IntendedPut): Promise<JournalEntry> {
    const body = intentBody(put);
    const intent = await this.#inTurn(async (end) => {
      await this.#payOwed(end);
      const { seq, hash } = await end.append({ body, time: this.#now(), account: this.#account, closes: null });
      return { seq, hash, key: end.chain.key };
    });
    return { ended: (end) => this.#ended({ put, intent, end, time: this.#now(), hash: null }) };
  }

  async #ended(known: Known): Promise<string | null> {
    this.#owed.add(known);
    await this.#inTurn((end) => this.#payOwed(end)).catch((error: unknown) => {
      // An earlier turn may have written it.
      if (known.hash === null) throw error;
    });
    return known.hash;
  }

  async #payOwed(end: LogEnd): Promise<void> {
    for (const known of this.#owed) {
      const { hash } = await end.append(this.#addition(known, end.chain.key));
      known.hash = hash;
      this.#owed.delete(known);
    }
  }

  #addition({ put, intent: { seq, hash, key }, end, time }: Known, keyNow: string): Addition {
    const body = outcomeBody({ seq, hash }, put, end);
    return { body, time, account: this.#account, closes: key === keyNow ? seq : null };
  }

  #inTurn<T>(work: (end: LogEnd) => Promise<T>): Promise<T> {
    const turn = this.#last.then(() => this.#log.atEnd(work));
    this.#last = turn.catch(() => {});
    return turn;
  }
}
