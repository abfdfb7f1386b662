import type { DaemonClock } from '../core/domain/run/daemon-ports.ts';
import { keepEvents, type MailtrapEvent } from '../core/domain/run/mailtrap-event.ts';

/** What Mailtrap's audit log said of one account lately, in memory alone. Nothing is decided by it. */
export class MailtrapEvents {
  readonly #clock: Pick<DaemonClock, 'now'>;
  #account: number | null = null;
  #kept: readonly MailtrapEvent[] = [];

  constructor(clock: Pick<DaemonClock, 'now'>) {
    this.#clock = clock;
  }

  /** How many of them are kept that were not known yet. A policy that names another account begins anew. */
  add(came: readonly MailtrapEvent[], account: number | null): number {
    if (account !== this.#account) this.#kept = [];
    this.#account = account;
    const known = new Set(this.#kept.map(({ key }) => key));
    this.#kept = keepEvents(this.#kept, came, this.#clock.now());
    return this.#kept.filter(({ key }) => !known.has(key)).length;
  }
}
