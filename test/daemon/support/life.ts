import type { DaemonClock } from '../../../src/domain/daemon-ports.ts';
import type { Instant } from '../../../src/domain/instant.ts';

/** Whatever a daemon does to the world outside of its process. */
export type Effect = 'look' | 'load' | 'save' | 'open' | 'read' | 'intend' | 'put' | 'outcome';

/** What happens to a promise that its process did not live to see. */
const NEVER = new Promise<never>(() => {});

/**
 * One process of a daemon. When it dies nothing of it goes on: no sleeper wakes, no answer arrives, and what was sent may
 * have taken effect all the same.
 */
export class Life implements DaemonClock {
  readonly #clock: DaemonClock;
  readonly #beforeEffect: (life: Life, effect: Effect) => void;
  readonly #death = new AbortController();
  #effects = 0;

  constructor(clock: DaemonClock, beforeEffect: (life: Life, effect: Effect) => void) {
    this.#clock = clock;
    this.#beforeEffect = beforeEffect;
  }

  get isDead(): boolean {
    return this.#death.signal.aborted;
  }

  /** How many effects are under way. */
  get busy(): number {
    return this.isDead ? 0 : this.#effects;
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
    try {
      await this.#clock.sleep(durationMs, AbortSignal.any([signal, this.#death.signal]));
    } catch (error) {
      if (this.isDead) return NEVER;
      throw error;
    }
    if (this.isDead) return NEVER;
  }

  /** Does something outside, as long as this process lives to do it and to see what came of it. */
  async outside<T>(effect: Effect, act: () => Promise<T>): Promise<T> {
    if (this.isDead) return NEVER;
    this.#beforeEffect(this, effect);
    if (this.isDead) return NEVER;
    this.#effects += 1;
    try {
      const value = await act();
      return this.isDead ? NEVER : value;
    } catch (error) {
      if (this.isDead) return NEVER;
      throw error;
    } finally {
      this.#effects -= 1;
    }
  }
}
