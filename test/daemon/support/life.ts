import type { DaemonClock } from '../../../src/core/domain/run/daemon-ports.ts';
import type { Instant } from '../../../src/core/domain/text/instant.ts';

/** Whatever a daemon does to the world outside of its process. */
export type Effect = 'look' | 'load' | 'save' | 'open' | 'read' | 'intend' | 'put' | 'outcome';

/** What becomes of a promise whose process did not live to see it. */
const NEVER = new Promise<never>(() => {});

/**
 * The life of a process, and its clock. When it dies nothing of it goes on: no sleeper wakes, no answer arrives; and what
 * was sent may have taken effect all the same.
 */
export class Life implements DaemonClock {
  readonly #clock: DaemonClock;
  readonly #beforeEffect: (effect: Effect) => void;
  readonly #death = new AbortController();

  readonly #stuckAt: Effect | null;

  constructor(clock: DaemonClock, beforeEffect: (effect: Effect) => void, stuckAt: Effect | null) {
    this.#stuckAt = stuckAt;
    this.#clock = clock;
    this.#beforeEffect = beforeEffect;
  }

  get isDead(): boolean {
    return this.#death.signal.aborted;
  }

  die(): void {
    this.#death.abort();
  }

  now(): Instant {
    return this.#clock.now();
  }

  monotonicMs(): number {
    return this.#clock.monotonicMs();
  }

  async sleep(durationMs: number, signal: AbortSignal): Promise<void> {
    return this.#living(() => this.#clock.sleep(durationMs, AbortSignal.any([signal, this.#death.signal])));
  }

  /** Does something outside, as long as this process lives to do it and to see what came of it. */
  async outside<T>(effect: Effect, act: () => Promise<T>): Promise<T> {
    if (this.isDead) return NEVER;
    this.#beforeEffect(effect);
    if (effect === this.#stuckAt) return NEVER;
    return this.#living(act);
  }

  async #living<T>(act: () => Promise<T>): Promise<T> {
    if (this.isDead) return NEVER;
    try {
      const value = await act();
      return this.isDead ? NEVER : value;
    } catch (error) {
      if (this.isDead) return NEVER;
      throw error;
    }
  }
}
