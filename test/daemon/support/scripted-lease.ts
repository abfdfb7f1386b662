import type { AccountLease } from '../../../src/core/domain/run/daemon-ports.ts';
import type { LeaderStatus, LeaseEvent } from '../../../src/core/domain/run/lease.ts';

/** A Lease that is whatever a test says. */
export class ScriptedLease implements AccountLease {
  isKept = false;
  wasGivenBack = false;
  #standing: LeaderStatus = { kind: 'standby', holder: null, hasRenewed: false };
  #tell: (news: LeaseEvent) => void = () => {};

  status(): LeaderStatus {
    return this.#standing;
  }

  async keep(stop: AbortSignal, tell: (news: LeaseEvent) => void): Promise<void> {
    this.isKept = true;
    this.#tell = tell;
    await new Promise<void>((resolve) => {
      if (stop.aborted) resolve();
      stop.addEventListener('abort', () => resolve(), { once: true });
    });
    this.wasGivenBack = true;
  }

  /** Held from now on, in a new term, for as long as `writeMs` gives a time. */
  hold(writeMs: () => number | null = () => 10_000): void {
    this.#standing = { kind: 'held', term: { permit: { writeMs } } };
    this.#tell({ kind: 'held', holder: 'me', transitions: 1 });
  }

  /** Lost without a word, as a process that was frozen has lost it. */
  lapse(holder: string | null): void {
    this.#standing = holder === null ? { kind: 'unknown' } : { kind: 'standby', holder, hasRenewed: false };
  }

  /** Lost, and told. `holder` is null where nobody can be asked. */
  lose(holder: string | null): void {
    this.lapse(holder);
    this.#tell({ kind: 'lost', reason: 'a test says so' });
    if (holder !== null) this.#tell({ kind: 'standby', holder });
  }
}
