import { GrantdError } from '../../../core/domain/text/error.ts';
import { fitText } from '../../../report/layout/fit.ts';
import type { Paint } from '../../../report/layout/paint.ts';
import type { CliIo } from '../../process/io.ts';

/**
 * Ctrl-C during an apply. After the first one, no further PUT begins and running ones finish; the second one cuts them off.
 * Before the first write, one is enough.
 */
export class ApplyInterrupts {
  readonly #stop = new AbortController();
  readonly #abort = new AbortController();
  readonly #io: CliIo;
  readonly #paint: Paint;
  readonly #off: () => void;
  #isWriting = false;

  constructor(io: CliIo, paint: Paint) {
    this.#io = io;
    this.#paint = paint;
    this.#off = io.onInterrupt(() => this.#interrupt());
  }

  /** Aborts when no further PUT may begin. */
  get stop(): AbortSignal {
    return this.#stop.signal;
  }

  /** Aborts when everything must end at once. */
  get abort(): AbortSignal {
    return this.#abort.signal;
  }

  /** From now on a write may be running, and it is better to wait for it. */
  beginWriting(): void {
    this.#isWriting = true;
  }

  end(): void {
    this.#off();
  }

  #interrupt(): void {
    const { stderr } = this.#io;
    if (this.#isWriting && !this.#stop.signal.aborted) {
      const text =
        'stopping: no further change is written; if a PUT took other rows, grantd still gives them back; Ctrl-C again cuts off running writes';
      stderr.write(`\n${fitText(text, this.#paint)}\n`);
      this.#stop.abort();
      return;
    }
    this.#stop.abort();
    this.#abort.abort(
      this.#isWriting
        ? new GrantdError('stopped', 'cut off while writing', 'grantd plan shows what remains to be done')
        : new GrantdError('stopped', 'stopped before anything was written', 'start it again when you like'),
    );
    // If anything hangs, the next Ctrl-C ends the process.
    this.#off();
  }
}
