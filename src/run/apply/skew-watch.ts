import type { Clock } from '../../core/domain/run/ports.ts';
import { type Instant, isSkewed } from '../../core/domain/text/instant.ts';

/**
 * Knows for a whole run whether this clock and the API's have parted since it began. Once one answer shows that, no
 * further PUT begins, whatever the next one says: a clock that moves cannot tell what has ended.
 */
export class SkewWatch {
  readonly #clock: Clock;
  #apartMs: number | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Why nothing may be written any more, or null. */
  get obstacle(): string | null {
    if (this.#apartMs === null) return null;
    return `this clock and the API's are apart by ${Math.round(this.#apartMs / 1000)} seconds, so dates cannot be trusted`;
  }

  /** Takes note of the time that an answer tells, if it tells one. */
  saw(serverTime: Instant | null): void {
    const aheadMs = serverTime === null ? null : this.#clock.now() - serverTime;
    if (isSkewed(aheadMs)) this.#apartMs ??= Math.abs(aheadMs);
  }
}
