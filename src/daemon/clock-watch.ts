import type { DaemonClock } from '../core/domain/run/daemon-ports.ts';

/** By how much the two clocks may part between two looks before it counts as a jump: NTP slews by far less. */
const JUMP_LEAST_MS = 5_000;

/** Notices that the wall clock was set, or that the machine slept, by comparing it with a clock that nobody sets. */
export class ClockWatch {
  readonly #clock: DaemonClock;
  #differenceMs: number;

  constructor(clock: DaemonClock) {
    this.#clock = clock;
    this.#differenceMs = clock.now() - clock.monotonicMs();
  }

  /** By how much the wall clock jumped since the last look; 0 where it did not. */
  jumpedMs(): number {
    const differenceMs = this.#clock.now() - this.#clock.monotonicMs();
    const jumpMs = Math.round(differenceMs - this.#differenceMs);
    this.#differenceMs = differenceMs;
    return Math.abs(jumpMs) >= JUMP_LEAST_MS ? jumpMs : 0;
  }
}
