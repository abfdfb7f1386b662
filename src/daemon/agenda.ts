import type { ResolvedPolicy } from '../core/domain/policy/entitlement.ts';
import type { Trigger } from '../core/domain/run/daemon-event.ts';
import type { DaemonClock } from '../core/domain/run/daemon-ports.ts';
import type { Instant } from '../core/domain/text/instant.ts';
import { nextBoundary } from './next-boundary.ts';

/** Moments of the wall clock at which a run is due, besides those of the schedule. */
export class Agenda {
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

  /** Looks for boundaries from now on: the policy is another one, or the clock was set. */
  setPolicy(policy: ResolvedPolicy | null): void {
    this.#policy = policy;
    this.#boundaryAt = policy && nextBoundary(policy, this.#clock.now());
  }

  /** What has come due since the last call. */
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

  /** How long nothing of it comes due; `mostMs` at most. */
  waitMs(mostMs: number): number {
    const now = this.#clock.now();
    const moments = [this.#retryAt, this.#boundaryAt].filter((at) => at !== null);
    return Math.max(0, Math.min(mostMs, ...moments.map((at) => at - now)));
  }
}
