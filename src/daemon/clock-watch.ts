import type { DaemonClock } from '../core/domain/run/daemon-ports.ts';

/** How far the two clocks may drift apart between two looks before it counts as a jump: NTP slews by far less. */
const JUMP_LEAST_MS = 5_000;

/** Notices that the wall clock was set, or that the machine slept: it compares the wall clock with one that no one can set. */
export class ClockWatch {
  readonly #clock: DaemonClock;
  #differenceMs: number;

  constructor(clock: DaemonClock) {
    this.#clock = clock;
    this.#differenceMs = clock.now() - clock.monotonicMs();
  }

  /** By how much the wall clock jumped since the last look, in milliseconds; 0 if it did not. */
  jumpedMs(): number {
    const differenceMs = this.#clock.now() - this.#clock.monotonicMs();
    const jumpMs = Math.round(differenceMs - this.#differenceMs);
    this.#differenceMs = differenceMs;
    return Math.abs(jumpMs) >= JUMP_LEAST_MS ? jumpMs : 0;
  }
}
