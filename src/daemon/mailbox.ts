import type { Trigger } from '../core/domain/run/daemon-event.ts';
import type { DaemonClock } from '../core/domain/run/daemon-ports.ts';
import { Alarm } from './alarm.ts';

/** As long as a wait may be without an end of its own; timers of Node overflow at 24.8 days. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * What asks for a run, until one begins. However many ask, one run answers all of them: the newest gives its name, and the
 * most impatient its moment. So nothing queues up, whatever happens.
 */
export class Mailbox {
  readonly #clock: DaemonClock;
  readonly #alarm: Alarm;
  #newest: Trigger | null = null;
  /** By the monotonic clock. */
  #notBeforeMs = 0;

  constructor(clock: DaemonClock) {
    this.#clock = clock;
    this.#alarm = new Alarm(clock);
  }

  add(trigger: Trigger, delayMs = 0): void {
    const notBeforeMs = this.#clock.monotonicMs() + delayMs;
    this.#notBeforeMs = this.#newest === null ? notBeforeMs : Math.min(this.#notBeforeMs, notBeforeMs);
    this.#newest = trigger;
    this.#alarm.ring();
  }

  /** The trigger of the run to begin now; null where the signal aborted. `earliestMs` is by the monotonic clock. */
  async take(earliestMs: number, signal: AbortSignal): Promise<Trigger | null> {
    while (!signal.aborted) {
      const dueMs = this.#newest === null ? null : Math.max(this.#notBeforeMs, earliestMs) - this.#clock.monotonicMs();
      if (dueMs !== null && dueMs <= 0) return this.#empty();
      await this.#alarm.wait(Math.min(dueMs ?? LONGEST_WAIT_MS, LONGEST_WAIT_MS), signal);
    }
    return null;
  }

  #empty(): Trigger | null {
    const trigger = this.#newest;
    this.#newest = null;
    return trigger;
  }
}
