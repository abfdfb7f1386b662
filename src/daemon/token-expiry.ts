import type { DaemonClock } from '../core/domain/run/daemon-ports.ts';
import type { AccountReader } from '../core/domain/run/ports.ts';
import { GrantdError } from '../core/domain/text/error.ts';
import type { Instant } from '../core/domain/text/instant.ts';

/** How often grantd looks up when its token expires: one GET a day, in addition to those of the runs. */
const LOOK_EVERY_MS = 24 * 60 * 60 * 1000;

/** Knows when the API token of grantd expires. */
export class TokenExpiry {
  readonly #clock: DaemonClock;
  #lookedMs: number | null = null;

  constructor(clock: DaemonClock) {
    this.#clock = clock;
  }

  /**
   * `expiresAt` is null if the token does not expire, or if several may be it. Undefined if the last look is less than a
   * day old, or if grantd cannot read it: that does not make a run fail.
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
