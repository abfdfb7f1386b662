import { isSameRecord, type LeaseRecord } from './lease-record.ts';
import type { LeaseTiming } from './lease-timing.ts';

/**
 * A Lease as it was last seen, and since when it has stood like that: what counts is when this process saw it change, by a
 * clock of its own. The times in it are another machine's and prove nothing.
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

  /** Whether the holder was seen to renew it, and so was alive. */
  get hasRenewed(): boolean {
    return this.#hasRenewed;
  }

  /** `record` is null where there is no Lease of that name. */
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
   * Since when anybody may take it, by the monotonic clock; null before it was seen. That may lie ahead. A holder that
   * claims a longer time than is usual here gets it.
   */
  get freeFromMs(): number | null {
    if (!this.#isSeen) return null;
    if (this.holder === null) return this.#sinceMs;
    return this.#sinceMs + Math.max(this.#timing.durationMs, this.#record?.durationMs ?? 0);
  }
}
