import type { DaemonEvent, EmitEvent } from '../core/domain/run/daemon-event.ts';
import type { Clock } from '../core/domain/run/ports.ts';
import type { AccountStatus } from '../core/domain/status/account-status.ts';
import type { DaemonObserver, StatusUpdate } from '../core/domain/status/status-update.ts';
import type { Instant } from '../core/domain/text/instant.ts';
import { newStatus } from '../core/status/new-status.ts';
import { nextStatus } from '../core/status/next-status.ts';

/**
 * The status of every account of one process. Each event is folded here, once, and every observer gets the same status
 * before and after it. It holds one status for each policy file, however long the daemon lives.
 */
export class AccountStatuses {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #onFault: (error: unknown) => void;
  readonly #byPolicy = new Map<string, AccountStatus>();
  readonly #observers: DaemonObserver[] = [];

  /** `onFault` gets what an observer, or the fold itself, throws: a bug must not make a run fail that went well. */
  constructor(clock: Pick<Clock, 'now'>, onFault: (error: unknown) => void) {
    this.#clock = clock;
    this.#onFault = onFault;
  }

  /** In the order of the settings. */
  get all(): readonly AccountStatus[] {
    return [...this.#byPolicy.values()];
  }

  /** Observers get each event in the order in which they were added. */
  add(observer: DaemonObserver): void {
    this.#observers.push(observer);
  }

  readonly emit: EmitEvent = (event) => {
    const change = this.#fold(event, this.#clock.now());
    for (const observe of this.#observers) this.#guarded(() => observe(change));
  };

  #fold(event: DaemonEvent, at: Instant): StatusUpdate {
    if (event.kind === 'daemon.started') this.#begin(event.policies, at);
    if (!('policy' in event)) return { event, before: null, after: null, at };
    const before = this.#statusOf(event.policy, at);
    this.#guarded(() => this.#byPolicy.set(event.policy, nextStatus(before, event, at)));
    return { event, before, after: this.#statusOf(event.policy, at), at };
  }

  /** Every policy has a status from the start on, in the order of the settings. */
  #begin(policies: readonly string[], at: Instant): void {
    const early = [...this.#byPolicy];
    this.#byPolicy.clear();
    const known = new Map(early);
    for (const policy of policies) this.#byPolicy.set(policy, known.get(policy) ?? newStatus(policy, at));
    for (const [policy, status] of early) if (!this.#byPolicy.has(policy)) this.#byPolicy.set(policy, status);
  }

  #statusOf(policy: string, now: Instant): AccountStatus {
    const status = this.#byPolicy.get(policy) ?? newStatus(policy, now);
    this.#byPolicy.set(policy, status);
    return status;
  }

  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#onFault(error);
    }
  }
}
