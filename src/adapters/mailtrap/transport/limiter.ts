import type { Clock } from '../../../core/domain/run/ports.ts';
import { RATE_WINDOW_MS, RETRY_AFTER_MAX_MS } from './limits.ts';

export interface LimiterOptions {
  readonly clock: Clock;
  /** Default: 140, which leaves room for others who use the token. */
  readonly requestsMax?: number;
  /** Default: 10 s, the API's window (documented). */
  readonly windowMs?: number;
  /** How many requests may wait; one more is refused. Default: 1000. */
  readonly waitingMax?: number;
}

/** The right to send one request. The caller gives it back when the request has ended, in whatever way. */
export interface Slot {
  leave(): void;
}

/** Admits requests of one token in the order in which they came. All clients of that token share it. */
export interface Limiter {
  /** Rejects with the signal's reason, or with `LimiterFull`. */
  enter(signal: AbortSignal): Promise<Slot>;
  /** Admits no request for `durationMs`, a minute at most, because the API said that the limit is reached. */
  pause(durationMs: number): void;
}

/** A request that is refused because too many already wait, which only an internal error can cause. */
export class LimiterFull extends Error {
  constructor(waiting: number) {
    super(`${waiting} requests already wait for the rate limit`);
    this.name = 'LimiterFull';
  }
}

export function createLimiter(options: LimiterOptions): Limiter {
  return new SlidingLimiter(options);
}

interface Waiter {
  readonly admit: (slot: Slot) => void;
}

/**
 * Counts a request from before it is sent until a whole window after it ended. The API counts it at some moment of that
 * time, so no window of the API gets more than `requestsMax`, however slow the network. See docs/decisions/0010.
 */
class SlidingLimiter implements Limiter {
  readonly #clock: Clock;
  readonly #requestsMax: number;
  readonly #windowMs: number;
  readonly #waitingMax: number;
  #running = 0;
  /** When each request of the last window ended, in order. */
  #ended: number[] = [];
  #pausedUntil = 0;
  readonly #waiting: Waiter[] = [];
  /** Ends the timer that will look again; null if none runs. */
  #wakeup: AbortController | null = null;

  constructor({ clock, requestsMax = 140, windowMs = RATE_WINDOW_MS, waitingMax = 1000 }: LimiterOptions) {
    this.#clock = clock;
    this.#requestsMax = requestsMax;
    this.#windowMs = windowMs;
    this.#waitingMax = waitingMax;
  }

  enter(signal: AbortSignal): Promise<Slot> {
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.#waiting.length >= this.#waitingMax) return Promise.reject(new LimiterFull(this.#waiting.length));
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#waiting.splice(this.#waiting.indexOf(waiter), 1);
        this.#admit();
        reject(signal.reason);
      };
      const waiter: Waiter = {
        admit: (slot) => {
          signal.removeEventListener('abort', giveUp);
          resolve(slot);
        },
      };
      signal.addEventListener('abort', giveUp, { once: true });
      this.#waiting.push(waiter);
      this.#admit();
    });
  }

  pause(durationMs: number): void {
    const until = this.#clock.now() + Math.min(durationMs, RETRY_AFTER_MAX_MS);
    this.#pausedUntil = Math.max(this.#pausedUntil, until);
  }

  /** Admits the requests that may go, then sets a timer for the next one. */
  #admit(): void {
    const now = this.#clock.now();
    this.#forget(now);
    while (this.#waiting.length > 0 && this.#waitMs(now) === 0) {
      this.#running += 1;
      this.#waiting.shift()?.admit(this.#slot());
    }
    if (this.#waiting.length === 0) this.#disarm();
    else if (!this.#wakeup) this.#arm(this.#waitMs(now));
  }

  /** How long the next request must wait; null if that depends on when a running one ends. */
  #waitMs(now: number): number | null {
    const pauseMs = Math.max(0, this.#pausedUntil - now);
    if (this.#running + this.#ended.length < this.#requestsMax) return pauseMs;
    const [oldest] = this.#ended;
    return oldest === undefined ? null : Math.max(pauseMs, oldest + this.#windowMs - now);
  }

  #forget(now: number): void {
    // Otherwise a clock that was set back would block every slot for as long as it was set back.
    this.#pausedUntil = Math.min(this.#pausedUntil, now + RETRY_AFTER_MAX_MS);
    if ((this.#ended.at(-1) ?? now) > now) this.#ended = this.#ended.map((moment) => Math.min(moment, now));
    const kept = this.#ended.findIndex((moment) => moment + this.#windowMs > now);
    this.#ended.splice(0, kept < 0 ? this.#ended.length : kept);
  }

  #slot(): Slot {
    let isTaken = true;
    return {
      leave: () => {
        if (!isTaken) return;
        isTaken = false;
        this.#running -= 1;
        this.#forget(this.#clock.now());
        this.#ended.push(this.#clock.now());
        this.#admit();
      },
    };
  }

  #arm(durationMs: number | null): void {
    if (durationMs === null) return;
    const wakeup = new AbortController();
    this.#wakeup = wakeup;
    const lookAgain = () => {
      if (this.#wakeup !== wakeup) return;
      this.#wakeup = null;
      this.#admit();
    };
    // A sleep ends early only if it is cancelled, and then no request waits.
    this.#clock.sleep(durationMs, wakeup.signal).then(lookAgain, () => {});
  }

  #disarm(): void {
    this.#wakeup?.abort();
    this.#wakeup = null;
  }
}
