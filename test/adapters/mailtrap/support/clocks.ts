import type { Clock } from '../../../../src/core/domain/run/ports.ts';

/** A clock whose sleeps are over at once, and are remembered. */
export class FakeJumpClock implements Clock {
  readonly sleeps: number[] = [];
  #now = Date.UTC(2026, 10, 24, 12);

  now(): number {
    return this.#now;
  }

  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    this.sleeps.push(durationMs);
    this.#now += durationMs;
  }
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that stands still until the test moves it. */
export class FakeStillClock implements Clock {
  #now = 0;
  #sleepers: Sleeper[] = [];

  get sleeping(): number {
    return this.#sleepers.length;
  }

  now(): number {
    return this.#now;
  }

  sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason);
      const sleeper = { at: this.#now + durationMs, wake: resolve };
      this.#sleepers.push(sleeper);
      signal.addEventListener('abort', () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Moves on step by step, so that who wakes can sleep again within the time. */
  async advance(durationMs: number): Promise<void> {
    const end = this.#now + durationMs;
    for (;;) {
      await settle();
      const due = this.#sleepers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (!due) break;
      this.#sleepers = this.#sleepers.filter((other) => other !== due);
      this.#now = Math.max(this.#now, due.at);
      due.wake();
    }
    this.#now = end;
  }

  /** Sets the hands without anybody waking. */
  set(now: number): void {
    this.#now = now;
  }
}

/** Lets everything run that is ready to run. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
