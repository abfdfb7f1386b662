import type { DaemonClock, Schedule } from '../../../src/core/domain/run/daemon-ports.ts';
import type { Instant } from '../../../src/core/domain/text/instant.ts';

export const SLOT_MS = 900_000;

/** A schedule with a slot at every quarter of an hour of a virtual wall clock. */
export class SlotSchedule implements Schedule {
  /** How many slots were called back. */
  slots = 0;
  /** How many more slots to call back as missed. */
  toMiss = 0;
  readonly #clock: DaemonClock;

  constructor(clock: DaemonClock) {
    this.#clock = clock;
  }

  next(): Instant {
    return (Math.floor(this.#clock.now() / SLOT_MS) + 1) * SLOT_MS;
  }

  slotsMs(count: number): number {
    return count * SLOT_MS;
  }

  start(onSlot: (slot: { readonly missed: boolean }) => void) {
    const stopped = new AbortController();
    void this.#run(onSlot, stopped.signal).catch(() => {});
    return { stop: () => stopped.abort() };
  }

  async #run(onSlot: (slot: { readonly missed: boolean }) => void, signal: AbortSignal): Promise<void> {
    for (;;) {
      // Like a real timer it is set for so long, and sees only afterwards what the wall clock says.
      const slot = this.next();
      await this.#clock.sleep(slot - this.#clock.now(), signal);
      if (this.#clock.now() < slot) continue;
      const missed = this.toMiss > 0;
      if (missed) this.toMiss -= 1;
      this.slots += 1;
      onSlot({ missed });
    }
  }
}
