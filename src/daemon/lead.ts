import type { Revision } from '../core/domain/policy/revision.ts';
import type { DaemonObserver, Origin } from '../core/domain/run/daemon-event.ts';
import type { AccountLease, DaemonClock } from '../core/domain/run/daemon-ports.ts';
import type { LeaseEvent, LeaseTerm, WritePermit } from '../core/domain/run/lease.ts';
import type { ReadPorts } from '../run/reconcile/preview.ts';
import type { PolicyDesk } from './policy-desk.ts';

/** How long a new holder whose file lags behind waits for it to change. */
export const SUPERSEDED_WAIT_MS = 10 * 60 * 1000;

/** What it takes to be one of several replicas. */
export interface ReplicaParts {
  readonly lease: (account: number) => AccountLease;
  /** What a replica reads the account with while it may not write: it opens no audit log. */
  readonly openReader: (account: number) => Promise<ReadPorts>;
}

/** What a run that begins now may do. */
export type RunPermission =
  /** `account` is whose Lease the permit is of; null where there is none to hold. */
  | { readonly kind: 'write'; readonly permit: WritePermit | null; readonly account: number | null }
  | ({ readonly kind: 'look' } & Pick<ReplicaParts, 'openReader'>);

export interface LeadParts {
  readonly replicas?: ReplicaParts;
  readonly clock: DaemonClock;
  readonly observe: DaemonObserver;
}

export interface LeadHooks {
  /** The account is for this process to write to, after so many milliseconds. */
  onHeld(delayMs: number): void;
  onLost(): void;
  /** grantd has a fault. */
  onFault(): void;
}

/** Knows whether this process may write to its account: always where it is the only one, else while it holds its Lease. */
export class Lead {
  readonly #parts: LeadParts;
  readonly #desk: PolicyDesk;
  readonly #hooks: LeadHooks;
  #kept: { readonly account: number; readonly lease: AccountLease; readonly stop: AbortController } | null = null;
  #keeping: Promise<unknown> = Promise.resolve();
  /** The term whose state was taken over from whoever held the Lease before. */
  #taken: LeaseTerm | null = null;
  #waits: { readonly untilMs: number; readonly revision: Revision } | null = null;

  constructor(parts: LeadParts, desk: PolicyDesk, hooks: LeadHooks) {
    this.#parts = parts;
    this.#desk = desk;
    this.#hooks = hooks;
  }

  /** Whether what is remembered of the account is this process's to keep. */
  keepsState(): boolean {
    if (this.#parts.replicas === undefined) return true;
    return this.#taken !== null && this.#termNow() === this.#taken;
  }

  /**
   * Nobody writes before a valid policy has said which account it is, and nobody holds its Lease before. Where the policy
   * turns out to be another account's, the Lease of the earlier one is given back.
   */
  begin(): void {
    const { replicas, observe } = this.#parts;
    if (replicas === undefined) return;
    const { origin } = this.#desk;
    const { account } = origin;
    if (account === null) {
      observe({ kind: 'lease.standby', ...origin, holder: null });
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
    // Whoever waits for it does so at the end.
    this.#keeping.catch(() => {});
  }

  /** Gives the Lease back. Rejects only where grantd itself has a fault. */
  async end(): Promise<void> {
    this.#kept?.stop.abort();
    await this.#keeping;
  }

  /** What a run may do that begins now; null where none is to begin. */
  async permission(): Promise<RunPermission | null> {
    const { replicas } = this.#parts;
    if (replicas === undefined) return { kind: 'write', permit: null, account: null };
    const standing = this.#kept?.lease.status() ?? { kind: 'standby', holder: null, hasRenewed: false };
    if (standing.kind === 'unknown') return { kind: 'look', openReader: replicas.openReader };
    if (standing.kind === 'standby') return null;
    const { term } = standing;
    if (this.#taken !== term) await this.#takeOver(term);
    if (this.#waits !== null && (await this.#mustWait(this.#waits))) return null;
    // It took time to find all that out.
    if (this.#termNow() !== term) return null;
    return { kind: 'write', permit: term.permit, account: this.#kept?.account ?? null };
  }

  async #takeOver(term: LeaseTerm): Promise<void> {
    this.#waits = null;
    const { superseded } = await this.#desk.takeOver(() => {
      this.#taken = term;
    });
    if (superseded === null) return;
    const { clock, observe } = this.#parts;
    this.#waits = { untilMs: clock.monotonicMs() + SUPERSEDED_WAIT_MS, revision: superseded };
    observe({ kind: 'lease.superseded', ...this.#desk.origin, revision: superseded, waitMs: SUPERSEDED_WAIT_MS });
  }

  /** Another text is what was waited for; after the time it may be meant, and goes. */
  async #mustWait({ untilMs, revision }: { untilMs: number; revision: Revision }): Promise<boolean> {
    const leftMs = untilMs - this.#parts.clock.monotonicMs();
    const { standing } = this.#desk;
    const isOther = standing.kind === 'current' && standing.policy.revision.sha256 !== revision.sha256;
    if (!isOther && leftMs > 0) {
      this.#hooks.onHeld(leftMs);
      return true;
    }
    this.#waits = null;
    await this.#desk.adopt();
    return false;
  }

  #termNow(): LeaseTerm | null {
    const standing = this.#kept?.lease.status();
    return standing?.kind === 'held' ? standing.term : null;
  }

  #hear(origin: Origin, news: LeaseEvent): void {
    const { kind, ...rest } = news;
    // Each kind of news is an event with the same fields.
    this.#parts.observe({ kind: `lease.${kind}`, ...origin, ...rest } as Parameters<DaemonObserver>[0]);
    if (kind === 'held') this.#hooks.onHeld(0);
    if (kind === 'lost') this.#hooks.onLost();
  }
}
