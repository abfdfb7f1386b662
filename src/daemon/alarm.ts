import type { Clock } from '../core/domain/run/ports.ts';

/** Wakes one waiter: after a while, when rung, or when the signal aborts. A ring that nobody waits for is kept. */
export class Alarm {
  readonly #clock: Clock;
  #isRung = false;
  #wake: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  ring(): void {
    this.#isRung = true;
    this.#wake?.();
  }

  /** Ends a wait early, as if its time were over: there is something sooner to wait for. */
  nudge(): void {
    this.#wake?.();
  }

  /** True where it was rung, false where the time was over or the signal aborted. Never rejects. */
  async wait(mostMs: number, signal: AbortSignal): Promise<boolean> {
    if (!this.#isRung && !signal.aborted) await this.#sleep(mostMs, signal);
    const wasRung = this.#isRung;
    this.#isRung = false;
    return wasRung;
  }

  async #sleep(mostMs: number, signal: AbortSignal): Promise<void> {
    const woken = new AbortController();
    const wake = () => woken.abort();
    this.#wake = wake;
    signal.addEventListener('abort', wake, { once: true });
    try {
      await this.#clock.sleep(mostMs, woken.signal);
    } catch {
      // Only its own signal calls the sleep off.
    } finally {
      signal.removeEventListener('abort', wake);
      this.#wake = null;
    }
  }
}
