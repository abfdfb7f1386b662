import type { DaemonClock } from '../../core/domain/run/daemon-ports.ts';
import type { LeaseTerm } from '../../core/domain/run/lease.ts';
import type { LeaseTiming } from './lease-timing.ts';

/**
 * One unbroken term as leader of a Lease. The clock of the process that is further on decides: no one can set the monotonic
 * clock, and the wall clock goes on while a machine sleeps.
 */
export class LedLease implements LeaseTerm {
  readonly #clock: DaemonClock;
  readonly #timing: LeaseTiming;
  #renewedMs: number;
  #renewedAt: number;
  #isOver = false;

  /** `sent`: the monotonic and the wall clock when the write that took the Lease was sent, not when it was answered. */
  constructor(clock: DaemonClock, timing: LeaseTiming, sent: { readonly ms: number; readonly at: number }) {
    this.#clock = clock;
    this.#timing = timing;
    this.#renewedMs = sent.ms;
    this.#renewedAt = sent.at;
  }

  /** How much is left, in milliseconds; 0 once it is over, for good. */
  leftMs(): number {
    const goneMs = Math.max(this.#clock.monotonicMs() - this.#renewedMs, this.#clock.now() - this.#renewedAt);
    if (goneMs >= this.#timing.holdMs) this.#isOver = true;
    return this.#isOver ? 0 : this.#timing.holdMs - Math.max(0, goneMs);
  }

  /** Does nothing if the term was over: another replica may have led in between. */
  renewed(sent: { readonly ms: number; readonly at: number }): void {
    if (this.leftMs() === 0) return;
    this.#renewedMs = sent.ms;
    this.#renewedAt = sent.at;
  }

  end(): void {
    this.#isOver = true;
  }

  readonly permit = {
    writeMs: (): number | null => {
      const leftMs = this.leftMs();
      return leftMs >= this.#timing.writeLeastMs ? leftMs : null;
    },
  };
}
