import type { DaemonClock } from '../core/domain/run/daemon-ports.ts';
import type { AccountReader } from '../core/domain/run/ports.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import type { Instant } from '../core/domain/text/instant.ts';

/** How often the end of the token is looked up: one GET a day, besides those of the runs. */
const LOOK_EVERY_MS = 24 * 60 * 60 * 1000;

/** Knows when the token that grantd itself uses ends. */
export class TokenExpiry {
  readonly #clock: DaemonClock;
  #lookedMs: number | null = null;

  constructor(clock: DaemonClock) {
    this.#clock = clock;
  }

  /**
   * Null in `expiresAt` where the token does not end, or cannot be told from others. Undefined where it was looked up
   * less than a day ago, or cannot be read: that is no failure of a run.
   */
  async look(reader: AccountReader, signal: AbortSignal): Promise<{ readonly expiresAt: Instant | null } | undefined> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#lookedMs !== null && nowMs - this.#lookedMs < LOOK_EVERY_MS) return undefined;
    this.#lookedMs = nowMs;
    try {
      const own = (await reader.readApiTokens(signal)).value.filter((token) => token.isOwnToken);
      const [only] = own;
      return { expiresAt: own.length === 1 && only ? only.expiresAt : null };
    } catch (error) {
      if (error instanceof GrantdError) return undefined;
      throw error;
    }
  }
}
