import type { AccountLease, DaemonClock } from '../../core/domain/run/daemon-ports.ts';
import type { LeaderStatus, LeaseEvent } from '../../core/domain/run/lease.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { HeldLease } from './held-lease.ts';
import type { LeaseAnswer, LeaseCalls } from './lease-calls.ts';
import { type LeaseWrite, newLease, nextLease } from './lease-record.ts';
import { type LeaseTiming, spreadDelayMs } from './lease-timing.ts';
import { noNamespace } from './no-namespace.ts';
import { SeenLease } from './seen-lease.ts';

export interface ElectorOptions {
  readonly calls: LeaseCalls;
  readonly name: string;
  readonly namespace: string;
  /** Who this process is, in every Lease that it holds. */
  readonly identity: string;
  readonly timing: LeaseTiming;
  readonly clock: DaemonClock;
  /** 0 up to 1. */
  readonly random: () => number;
  /** The electors of this process that hold their Lease. */
  readonly holding: Set<unknown>;
}

/** A Lease is given back even where the process is asked to stop. */
const NEVER = new AbortController().signal;

type Tell = (news: LeaseEvent) => void;

/**
 * Tries to hold one Lease, as client-go does: each write names the version that it was made from, so of two that want it
 * the API lets one through; and a Lease is free only after it has stood unchanged before this process's eyes for as long
 * as it lasts.
 */
export class Elector implements AccountLease {
  readonly #options: ElectorOptions;
  readonly #seen: SeenLease;
  #held: HeldLease | null = null;
  #failure: GrantdError | null = null;
  #toldHolder: string | null | undefined = undefined;
  #chance: number;
  #dueMs = 0;

  constructor(options: ElectorOptions) {
    this.#options = options;
    this.#seen = new SeenLease(options.timing);
    this.#chance = options.random();
  }

  status(): LeaderStatus {
    if (this.#held !== null && this.#held.leftMs() > 0) return { kind: 'held', term: this.#held };
    if (this.#failure !== null) return { kind: 'unknown' };
    const { holder, hasRenewed } = this.#seen;
    const isOwn = holder === this.#options.identity;
    return { kind: 'standby', holder: isOwn ? null : holder, hasRenewed: !isOwn && hasRenewed };
  }

  async keep(stop: AbortSignal, tell: Tell): Promise<void> {
    while (!stop.aborted) {
      await this.#turn(stop, tell);
      this.#noticeEnd(tell);
      await this.#sleep(stop);
      this.#noticeEnd(tell);
    }
    await this.#release(tell);
  }

  /** One look or one renewal. A failure is told once, until an answer comes again. */
  async #turn(stop: AbortSignal, tell: Tell): Promise<void> {
    const { timing, clock, random } = this.#options;
    this.#dueMs = clock.monotonicMs() + timing.everyMs * (0.8 + 0.4 * random());
    try {
      if (this.#held !== null) await this.#renew(stop);
      else await this.#campaign(stop, tell);
      this.#failure = null;
      this.#tellStandby(tell);
    } catch (error) {
      if (!(error instanceof GrantdError)) throw error;
      if (stop.aborted) return;
      this.#fail(error, tell);
    }
  }

  #fail(error: GrantdError, tell: Tell): void {
    // While it lasts there is time for another try or two.
    if (this.#held !== null) this.#hurry();
    else if (this.#failure === null) tell({ kind: 'unreachable', error });
    this.#failure = error;
    this.#toldHolder = undefined;
  }

  #hurry(): void {
    const { timing, clock } = this.#options;
    this.#dueMs = Math.min(this.#dueMs, clock.monotonicMs() + timing.everyMs / 4);
  }

  async #renew(stop: AbortSignal): Promise<void> {
    const { record } = this.#seen;
    if (this.#held === null || record === null) return;
    const { acquireTime, transitions } = record;
    const write = this.#write({ acquireTime, transitions });
    const sent = this.#now();
    const answer = await this.#options.calls.replace(nextLease(record, write), this.#requestMs(), stop);
    if (answer.kind === 'lease') {
      this.#seen.see(answer.record, sent.ms);
      this.#held.renewed(sent);
      return;
    }
    await this.#look(stop);
    // Written by others, yet still ours: a label was set, or an answer to a renewal was lost. The next turn comes soon.
    if (this.#seen.holder === this.#options.identity) this.#hurry();
    else this.#held.end();
  }

  async #campaign(stop: AbortSignal, tell: Tell): Promise<void> {
    const { clock, timing, holding, identity } = this.#options;
    await this.#look(stop);
    const { freeFromMs, record, holder } = this.#seen;
    if (freeFromMs === null) return;
    const isOwn = holder === identity;
    const fromMs = isOwn ? 0 : freeFromMs + spreadDelayMs(timing, holding.size, this.#chance);
    if (clock.monotonicMs() < fromMs) {
      this.#dueMs = Math.min(this.#dueMs, fromMs);
      return;
    }
    this.#chance = this.#options.random();
    const transitions = record === null ? 0 : record.transitions + Number(!isOwn);
    const write = this.#write({ acquireTime: null, transitions });
    const sent = this.#now();
    const answer = await this.#take(write, stop);
    if (answer.kind !== 'lease') return;
    this.#seen.see(answer.record, sent.ms);
    const held = new HeldLease(clock, timing, sent);
    if (held.leftMs() === 0) return;
    this.#held = held;
    holding.add(this);
    this.#toldHolder = identity;
    tell({ kind: 'held', holder: identity, transitions });
  }

  async #take(write: LeaseWrite, stop: AbortSignal): Promise<LeaseAnswer> {
    const { calls, name, namespace } = this.#options;
    const { record } = this.#seen;
    if (record !== null) return calls.replace(nextLease(record, write), this.#requestMs(), stop);
    const answer = await calls.create(newLease(name, namespace, write), this.#requestMs(), stop);
    if (answer.kind !== 'missing') return answer;
    throw noNamespace(namespace);
  }

  async #look(stop: AbortSignal): Promise<void> {
    const answer = await this.#options.calls.get(this.#requestMs(), stop);
    if (answer.kind === 'conflict') return;
    // When it was seen is when the answer came: sooner would count time in which it may have changed.
    this.#seen.see(answer.kind === 'lease' ? answer.record : null, this.#options.clock.monotonicMs());
  }

  #noticeEnd(tell: Tell): void {
    if (this.#held === null || this.#held.leftMs() > 0) return;
    const { holder } = this.#seen;
    const taken = holder !== null && holder !== this.#options.identity ? `${holder} has taken it` : null;
    this.#letGo();
    const reason = taken ?? this.#failure?.message ?? 'it could not be renewed in time';
    tell({ kind: 'lost', reason });
    if (taken === null && this.#failure !== null) tell({ kind: 'unreachable', error: this.#failure });
    this.#toldHolder = undefined;
  }

  #letGo(): void {
    this.#held?.end();
    this.#held = null;
    this.#options.holding.delete(this);
  }

  #tellStandby(tell: Tell): void {
    if (this.#held !== null) return;
    const { holder } = this.#seen;
    if (holder === this.#toldHolder) return;
    this.#toldHolder = holder;
    tell({ kind: 'standby', holder });
  }

  /** A failure costs the others the wait for its end, and nothing else. */
  async #release(tell: Tell): Promise<void> {
    const isHeld = this.#held !== null && this.#held.leftMs() > 0;
    this.#letGo();
    // Whoever cannot be reached is not waited for.
    if (!isHeld || this.#failure !== null) return;
    try {
      if (!(await this.#giveBack())) {
        // A renewal that was called off may have been carried out.
        await this.#look(NEVER);
        if (this.#seen.holder !== this.#options.identity || !(await this.#giveBack())) return;
      }
      tell({ kind: 'released' });
    } catch (error) {
      if (!(error instanceof GrantdError)) throw error;
    }
  }

  async #giveBack(): Promise<boolean> {
    const { calls, timing } = this.#options;
    const { record } = this.#seen;
    if (record === null) return false;
    const { acquireTime, transitions } = record;
    const write = { ...this.#write({ acquireTime, transitions }), holder: null };
    return (await calls.replace(nextLease(record, write), timing.requestMs, NEVER)).kind === 'lease';
  }

  #write({ acquireTime, transitions }: { acquireTime: string | null; transitions: number }): LeaseWrite {
    const { identity, timing, clock } = this.#options;
    const now = new Date(clock.now()).toISOString();
    return {
      holder: identity,
      durationMs: timing.durationMs,
      transitions,
      acquireTime: acquireTime ?? now,
      renewTime: now,
    };
  }

  #now(): { readonly ms: number; readonly at: number } {
    return { ms: this.#options.clock.monotonicMs(), at: this.#options.clock.now() };
  }

  /** A renewal is not waited for beyond the end of what it renews. */
  #requestMs(): number {
    const { requestMs } = this.#options.timing;
    return this.#held === null ? requestMs : Math.max(1, Math.min(requestMs, this.#held.leftMs()));
  }

  async #sleep(stop: AbortSignal): Promise<void> {
    const { clock, timing } = this.#options;
    const untilDueMs = Math.max(0, this.#dueMs - clock.monotonicMs());
    const waitMs = this.#held === null ? untilDueMs : Math.min(untilDueMs, this.#held.leftMs());
    try {
      await clock.sleep(Math.min(waitMs, timing.durationMs), stop);
    } catch {
      // Only the stop calls it off.
    }
  }
}
