import { GrantdError } from '../../../core/domain/text/error.ts';
import type { CliIo } from '../../process/io.ts';

/**
 * Ctrl-C during an apply. The first one begins no further PUT and lets those in flight end; the second cuts them off.
 * While nothing is being written yet, the first one is enough.
 */
export class ApplyInterrupts {
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  readonly #io: CliIo;
  readonly #off: () => void;
  #isWriting = false;

  constructor(io: CliIo) {
    this.#io = io;
    this.#off = io.onInterrupt(() => this.#interrupt());
  }

  /** Aborts once no further PUT may begin. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** Aborts once everything is to end at once. */
  get abort(): AbortSignal {
    return this.#abort.signal;
  }

  /** From now on something may be in flight that is better waited for. */
  beginWriting(): void {
    this.#isWriting = true;
  }

  end(): void {
    this.#off();
  }

  #interrupt(): void {
    const { stderr } = this.#io;
    if (this.#isWriting && !this.#stop.signal.aborted) {
      stderr.write('\nstopping: no further write begins; Ctrl-C again cuts off what is under way\n');
      this.#stop.abort();
      return;
    }
    this.#stop.abort();
    this.#abort.abort(
      this.#isWriting
        ? new GrantdError('stopped', 'cut off while writing', 'grantd plan shows what the account holds now')
        : new GrantdError('stopped', 'stopped before anything was written', 'start it again when you like'),
    );
    // The next one ends the process by itself, should anything hang.
    this.#off();
  }
}
