import { GrantdError } from '../../../core/domain/text/error.ts';

export interface Question {
  readonly ask: (token: string, signal: AbortSignal) => Promise<void>;
  /** The error for a caller who is stopped while somebody else asks. */
  readonly stopped: () => GrantdError;
}

/** Asks a question once for each value of the token. Callers at one time share the asking; a failure is asked again. */
export class OncePerToken {
  readonly #question: Question;
  #token: string | null = null;
  #asking: Promise<void> | null = null;

  constructor(question: Question) {
    this.#question = question;
  }

  /** Rejects as the question did, or as `stopped` says where this caller's own signal aborts. */
  async ensure(token: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const shared = this.#token === token ? this.#asking : null;
      if (shared === null) return this.#start(token, signal);
      try {
        return await this.#untilAborted(shared, signal);
      } catch (error) {
        // The one who asked was stopped, which is no answer for the others.
        if (!isStopped(error) || signal.aborted) throw error;
      }
    }
  }

  #start(token: string, signal: AbortSignal): Promise<void> {
    const asking = this.#question.ask(token, signal).catch((error: unknown) => {
      if (this.#asking === asking) this.#asking = null;
      throw error;
    });
    this.#token = token;
    this.#asking = asking;
    return asking;
  }

  #untilAborted(shared: Promise<void>, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(this.#question.stopped());
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }
}

function isStopped(error: unknown): boolean {
  return error instanceof GrantdError && error.code === 'stopped';
}
