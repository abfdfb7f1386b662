import type { Trigger } from '../core/domain/run/daemon-event.ts';
import type { DaemonClock } from '../core/domain/run/daemon-ports.ts';
import type { Clock } from '../core/domain/run/ports.ts';

/** The longest single wait: timers of Node overflow at 24.8 days. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

/**
 * The triggers that ask for a run, until one starts. However many there are, one run answers all of them: it carries the
 * name of the newest, and starts at the earliest of their moments. So the queue never grows.
 */
export class TriggerQueue {
  readonly #clock: DaemonClock;
  readonly #wakeup: Wakeup;
  #newest: Trigger | null = null;
  /** By the monotonic clock. */
  #notBeforeMs = 0;

  constructor(clock: DaemonClock) {
    this.#clock = clock;
    this.#wakeup = new Wakeup(clock);
  }

  add(trigger: Trigger, delayMs = 0): void {
    const notBeforeMs = this.#clock.monotonicMs() + delayMs;
    this.#notBeforeMs = this.#newest === null ? notBeforeMs : Math.min(this.#notBeforeMs, notBeforeMs);
    this.#newest = trigger;
    this.#wakeup.ring();
  }

  /** Waits for the trigger of the next run; null if the signal aborted. `earliestMs` is by the monotonic clock. */
  async take(earliestMs: number, signal: AbortSignal): Promise<Trigger | null> {
    while (!signal.aborted) {
      const dueMs = this.#newest === null ? null : Math.max(this.#notBeforeMs, earliestMs) - this.#clock.monotonicMs();
      if (dueMs !== null && dueMs <= 0) return this.#empty();
      await this.#wakeup.wait(Math.min(dueMs ?? LONGEST_WAIT_MS, LONGEST_WAIT_MS), signal);
    }
    return null;
  }

  #empty(): Trigger | null {
    const trigger = this.#newest;
    this.#newest = null;
    return trigger;
  }
}

/** Wakes one waiter: after a while, when rung, or when the signal aborts. It keeps a ring for which no one waits yet. */
export class Wakeup {
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

  /** True if it was rung, false if the time was over or the signal aborted. Never rejects. */
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
      // Only its own signal ends the sleep early.
    } finally {
      signal.removeEventListener('abort', wake);
      this.#wake = null;
    }
  }
}
