import type { DaemonClock } from '../../../src/core/domain/run/daemon-ports.ts';
import type { Instant } from '../../../src/core/domain/text/instant.ts';

export const STARTS_AT: Instant = Date.UTC(2026, 10, 24, 12);

/** Beyond this a timer of Node fires at once, so nobody may sleep longer. */
const TIMER_MOST_MS = 2 ** 31 - 1;

interface Sleeper {
  readonly dueMs: number;
  readonly wake: () => void;
}

/** Lets everything run that can run without time passing. */
export type Settle = () => Promise<void>;

/**
 * Time that passes only when a test says so. Sleepers are woken in the order of their time, by the monotonic clock; the
 * wall clock beside it can be set, and wakes nobody.
 */
export class VirtualClock implements DaemonClock {
  readonly #settle: Settle;
  readonly #sleepers = new Set<Sleeper>();
  #monotonicMs = 0;
  #wallAheadMs: number;

  constructor({
    startsAt = STARTS_AT,
    settle = settled,
  }: { readonly startsAt?: Instant; readonly settle?: Settle } = {}) {
    this.#wallAheadMs = startsAt;
    this.#settle = settle;
  }

  now(): Instant {
    return this.#monotonicMs + this.#wallAheadMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  /** How many sleep. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    if (!(durationMs >= 0 && durationMs <= TIMER_MOST_MS)) throw new RangeError(`nobody can sleep ${durationMs} ms`);
    if (signal.aborted) return Promise.reject(signal.reason);
    if (durationMs === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const callOff = () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      };
      const wake = () => {
        signal.removeEventListener('abort', callOff);
        resolve();
      };
      const sleeper: Sleeper = { dueMs: this.#monotonicMs + durationMs, wake };
      this.#sleepers.add(sleeper);
      signal.addEventListener('abort', callOff, { once: true });
    });
  }

  /** Sets the wall clock, ahead or back. The monotonic one counts on. */
  jump(byMs: number): void {
    this.#wallAheadMs += byMs;
  }

  /** Lets so much time pass in the middle of something, such as an answer on its way. It wakes nobody yet. */
  pass(byMs: number): void {
    this.#monotonicMs += byMs;
  }

  /** Lets so much time pass, and whatever is due happen on the way, one sleeper after the other. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#monotonicMs + byMs;
    await this.#settle();
    for (let next = this.#next(); next !== null && next.dueMs <= untilMs; next = this.#next()) {
      this.#sleepers.delete(next);
      this.#monotonicMs = Math.max(this.#monotonicMs, next.dueMs);
      next.wake();
      await this.#settle();
    }
    this.#monotonicMs = Math.max(this.#monotonicMs, untilMs);
    await this.#settle();
  }

  #next(): Sleeper | null {
    let next: Sleeper | null = null;
    for (const sleeper of this.#sleepers) if (next === null || sleeper.dueMs < next.dueMs) next = sleeper;
    return next;
  }
}

/** Two turns of the event loop: enough for promises, too short for input and output. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
