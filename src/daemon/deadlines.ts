import type { ResolvedPolicy } from '../core/domain/policy/entitlement.ts';
import type { Trigger } from '../core/domain/run/daemon-event.ts';
import type { DaemonClock } from '../core/domain/run/daemon-ports.ts';
import type { Instant } from '../core/domain/text/instant.ts';

/** Moments of the wall clock at which a run is due, in addition to those of the schedule. */
export class Deadlines {
  readonly #clock: DaemonClock;
  #policy: ResolvedPolicy | null = null;
  #boundaryAt: Instant | null = null;
  #retryAt: Instant | null = null;

  constructor(clock: DaemonClock) {
    this.#clock = clock;
  }

  get boundaryAt(): Instant | null {
    return this.#boundaryAt;
  }

  get retryAt(): Instant | null {
    return this.#retryAt;
  }

  setRetry(at: Instant | null): void {
    this.#retryAt = at;
  }

  /** Finds the next boundary from now on: the policy is another one, or the clock was set. */
  setPolicy(policy: ResolvedPolicy | null): void {
    this.#policy = policy;
    this.#boundaryAt = policy && nextBoundary(policy, this.#clock.now());
  }

  /** What became due since the last call. */
  take(): readonly Trigger[] {
    const now = this.#clock.now();
    const due: Trigger[] = [];
    if (this.#retryAt !== null && this.#retryAt <= now) {
      this.#retryAt = null;
      due.push('retry');
    }
    if (this.#boundaryAt !== null && this.#boundaryAt <= now) {
      this.setPolicy(this.#policy);
      due.push('boundary');
    }
    return due;
  }

  /** How long until something is due, in milliseconds; `mostMs` at most. */
  waitMs(mostMs: number): number {
    const now = this.#clock.now();
    const moments = [this.#retryAt, this.#boundaryAt].filter((at) => at !== null);
    return Math.max(0, Math.min(mostMs, ...moments.map((at) => at - now)));
  }
}

/** The next moment after `now` at which a grant of the policy begins or ends for someone; null if none is ahead. */
export function nextBoundary({ policy }: ResolvedPolicy, now: Instant): Instant | null {
  const moments = [...policy.grants.flatMap(({ from, until }) => [from, until]), ...policy.ends.map(({ end }) => end)];
  return moments.reduce<Instant | null>((next, moment) => {
    if (moment === null || moment.at <= now) return next;
    return next === null ? moment.at : Math.min(next, moment.at);
  }, null);
}
