import type { DaemonClock } from '../../core/domain/run/daemon-ports.ts';
import type { LeaseTerm } from '../../core/domain/run/lease.ts';
import type { LeaseTiming } from './lease-timing.ts';

/**
 * One unbroken hold of a Lease. Both clocks of the process count, and the one that is further on decides: the monotonic one
 * is never set, and the wall clock counts on where a machine sleeps.
 */
export class LedLease implements LeaseTerm {
  readonly #clock: DaemonClock;
  readonly #timing: LeaseTiming;
  #renewedMs: number;
  #renewedAt: number;
  #isOver = false;

  /** `sentMs`, `sentAt`: the monotonic and the wall clock when the write that got it was sent, not when it was answered. */
  constructor(clock: DaemonClock, timing: LeaseTiming, sent: { readonly ms: number; readonly at: number }) {
    this.#clock = clock;
    this.#timing = timing;
    this.#renewedMs = sent.ms;
    this.#renewedAt = sent.at;
  }

  /** How much is left of it; 0 once it is over, and ever after. */
  leftMs(): number {
    const goneMs = Math.max(this.#clock.monotonicMs() - this.#renewedMs, this.#clock.now() - this.#renewedAt);
    if (goneMs >= this.#timing.holdMs) this.#isOver = true;
    return this.#isOver ? 0 : this.#timing.holdMs - Math.max(0, goneMs);
  }

  /** Nothing where it was over before: what lapsed for a moment may have been somebody else's in it. */
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
