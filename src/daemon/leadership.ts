import type { Revision } from '../core/domain/policy/revision.ts';
import type { DaemonEvent, EmitEvent, Origin } from '../core/domain/run/daemon-event.ts';
import type { AccountLease, DaemonClock } from '../core/domain/run/daemon-ports.ts';
import type { LeaseEvent, LeaseTerm, WritePermit } from '../core/domain/run/lease.ts';
import type { ReadPorts } from '../run/reconcile/preview.ts';
import type { PolicyController } from './policy-controller.ts';

/** How long a new leader whose file lags behind waits for it to change. */
export const SUPERSEDED_WAIT_MS = 10 * 60 * 1000;

/** What a process needs to be one of several replicas. */
export interface ReplicaParts {
  readonly lease: (account: number) => AccountLease;
  /** Opens what a replica reads the account with while it may not write. It opens no audit log. */
  readonly openReader: (account: number) => Promise<ReadPorts>;
}

/** What a run that starts now may do. */
export type RunPermission =
  /** `account`: the permit is of the Lease of this account; null if there is no Lease. */
  | { readonly kind: 'write'; readonly permit: WritePermit | null; readonly account: number | null }
  | ({ readonly kind: 'look' } & Pick<ReplicaParts, 'openReader'>);

export interface LeadershipParts {
  readonly replicas?: ReplicaParts;
  readonly clock: DaemonClock;
  readonly emit: EmitEvent;
}

export interface LeadershipHooks {
  /** This process leads the account; a run may start after so many milliseconds. */
  onHeld(delayMs: number): void;
  onLost(): void;
  /** An internal error. */
  onFault(): void;
}

/** Knows whether this process may write to its account: always if it is the only one, else while it leads. */
export class Leadership {
  readonly #parts: LeadershipParts;
  readonly #controller: PolicyController;
  readonly #hooks: LeadershipHooks;
  #kept: { readonly account: number; readonly lease: AccountLease; readonly stop: AbortController } | null = null;
  #keeping: Promise<unknown> = Promise.resolve();
  /** The term for which this process took over the state from the leader before. */
  #taken: LeaseTerm | null = null;
  #waits: { readonly untilMs: number; readonly revision: Revision } | null = null;

  constructor(parts: LeadershipParts, controller: PolicyController, hooks: LeadershipHooks) {
    this.#parts = parts;
    this.#controller = controller;
    this.#hooks = hooks;
  }

  /** Whether this process may save the state of the account. */
  keepsState(): boolean {
    if (this.#parts.replicas === undefined) return true;
    return this.#taken !== null && this.#termNow() === this.#taken;
  }

  /**
   * Tries to lead the account. Before a valid policy names an account, no replica leads one or writes. If the policy turns
   * out to name another account, this process gives the Lease of the earlier one back.
   */
  begin(): void {
    const { replicas, emit } = this.#parts;
    if (replicas === undefined) return;
    const { origin } = this.#controller;
    const { account } = origin;
    if (account === null) {
      emit({ kind: 'lease.standby', ...origin, holder: null });
      return;
    }
    if (this.#kept?.account === account) return;
    this.#kept?.stop.abort();
    const stop = new AbortController();
    const lease = replicas.lease(account);
    this.#kept = { account, lease, stop };
    const keeping = lease.keep(stop.signal, (news) => this.#hear({ ...origin, account }, news));
    keeping.catch(() => this.#hooks.onFault());
    this.#keeping = Promise.all([this.#keeping, keeping]);
    // `end` waits for it and sees its error.
    this.#keeping.catch(() => {});
  }

  /** Gives the Lease back. Rejects only for an internal error. */
  async end(): Promise<void> {
    this.#kept?.stop.abort();
    await this.#keeping;
  }

  /** What a run that starts now may do; null if none may start. */
  async permission(): Promise<RunPermission | null> {
    const { replicas } = this.#parts;
    if (replicas === undefined) return { kind: 'write', permit: null, account: null };
    const standing = this.#kept?.lease.status() ?? { kind: 'standby', holder: null, hasRenewed: false };
    if (standing.kind === 'unknown') return { kind: 'look', openReader: replicas.openReader };
    if (standing.kind === 'standby') return null;
    const { term } = standing;
    if (this.#taken !== term) await this.#takeOver(term);
    if (this.#waits !== null && (await this.#mustWait(this.#waits))) return null;
    // All that took time, and the term may be over.
    if (this.#termNow() !== term) return null;
    return { kind: 'write', permit: term.permit, account: this.#kept?.account ?? null };
  }

  async #takeOver(term: LeaseTerm): Promise<void> {
    this.#waits = null;
    const { superseded } = await this.#controller.takeOver(() => {
      this.#taken = term;
    });
    if (superseded === null) return;
    const { clock, emit } = this.#parts;
    this.#waits = { untilMs: clock.monotonicMs() + SUPERSEDED_WAIT_MS, revision: superseded };
    emit({ kind: 'lease.superseded', ...this.#controller.origin, revision: superseded, waitMs: SUPERSEDED_WAIT_MS });
  }

  /** Waits for another version. After the time is over, the version in the file counts as meant. */
  async #mustWait({ untilMs, revision }: { untilMs: number; revision: Revision }): Promise<boolean> {
    const leftMs = untilMs - this.#parts.clock.monotonicMs();
    const { policyState } = this.#controller;
    const isOther = policyState.kind === 'current' && policyState.policy.revision.sha256 !== revision.sha256;
    if (!isOther && leftMs > 0) {
      this.#hooks.onHeld(leftMs);
      return true;
    }
    this.#waits = null;
    await this.#controller.adopt();
    return false;
  }

  #termNow(): LeaseTerm | null {
    const standing = this.#kept?.lease.status();
    return standing?.kind === 'held' ? standing.term : null;
  }

  #hear(origin: Origin, news: LeaseEvent): void {
    this.#parts.emit(eventOf(origin, news));
    if (news.kind === 'held') this.#hooks.onHeld(0);
    if (news.kind === 'lost') this.#hooks.onLost();
  }
}

/** Each kind of news is an event with the same fields. */
function eventOf(origin: Origin, news: LeaseEvent): DaemonEvent {
  switch (news.kind) {
    case 'held':
      return { ...origin, ...news, kind: 'lease.acquired' };
    case 'lost':
      return { ...origin, ...news, kind: 'lease.lost' };
    case 'standby':
      return { ...origin, ...news, kind: 'lease.standby' };
    case 'unreachable':
      return { ...origin, ...news, kind: 'lease.unreachable' };
    case 'released':
      return { ...origin, kind: 'lease.released' };
  }
}
