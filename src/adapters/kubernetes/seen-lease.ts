import { isSameRecord, type LeaseRecord } from './lease-record.ts';
import type { LeaseTiming } from './lease-timing.ts';

/**
 * A Lease as it was last seen, and when this process saw it change, by its own clock. The times in the Lease are from
 * another machine and prove nothing.
 */
export class SeenLease {
  readonly #timing: LeaseTiming;
  #record: LeaseRecord | null = null;
  #sinceMs = 0;
  #isSeen = false;
  #hasRenewed = false;

  constructor(timing: LeaseTiming) {
    this.#timing = timing;
  }

  get record(): LeaseRecord | null {
    return this.#record;
  }

  get holder(): string | null {
    return this.#record?.holder ?? null;
  }

  /** Whether this process saw the holder renew the Lease, so that the holder was alive. */
  get hasRenewed(): boolean {
    return this.#hasRenewed;
  }

  /** `record` is null if there is no Lease of that name. */
  see(record: LeaseRecord | null, nowMs: number): void {
    const isSame =
      this.#isSeen &&
      (record === null ? this.#record === null : this.#record !== null && isSameRecord(record, this.#record));
    const isSameHolder = this.#record !== null && record !== null && this.#record.holder === record.holder;
    this.#hasRenewed = isSameHolder && (this.#hasRenewed || !isSame);
    this.#record = record;
    this.#isSeen = true;
    if (!isSame) this.#sinceMs = nowMs;
  }

  /**
   * From when any replica may take it, by the monotonic clock; null before it was seen. It may lie in the future. A holder
   * that claims a longer duration than ours gets it.
   */
  get freeFromMs(): number | null {
    if (!this.#isSeen) return null;
    if (this.holder === null) return this.#sinceMs;
    return this.#sinceMs + Math.max(this.#timing.durationMs, this.#record?.durationMs ?? 0);
  }
}
