import type { Clock } from '../../core/domain/run/ports.ts';
import { type Instant, isSkewed } from '../../core/domain/text/instant.ts';

/**
 * Knows for a whole run whether this clock and the API's have come to differ since it began. Once one answer shows that, no
 * further PUT begins, whatever the next answer says: with a moving clock, nobody knows what has ended.
 */
export class SkewWatch {
  readonly #clock: Clock;
  #apartMs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Why grantd must stop writing, or null. */
  get obstacle(): string | null {
    if (this.#apartMs === null) return null;
    return `this clock and the API's differ by ${Math.round(this.#apartMs / 1000)} seconds, so dates cannot be trusted`;
  }

  /** Records the time of an answer, if it has one. */
  saw(serverTime: Instant | null): void {
    const aheadMs = serverTime === null ? null : this.#clock.now() - serverTime;
    if (isSkewed(aheadMs)) this.#apartMs ??= Math.abs(aheadMs);
  }
}
