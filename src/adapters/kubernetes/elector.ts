import type { AccountLease, DaemonClock } from '../../core/domain/run/daemon-ports.ts';
import type { LeaderStatus, LeaseEvent } from '../../core/domain/run/lease.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { noNamespace } from './cluster.ts';
import type { LeaseAnswer, LeaseCalls } from './lease-calls.ts';
import { type LeaseWrite, newLease, nextLease } from './lease-record.ts';
import { type LeaseTiming, spreadDelayMs } from './lease-timing.ts';
import { LedLease } from './led-lease.ts';
import { SeenLease } from './seen-lease.ts';

export interface ElectorOptions {
  readonly calls: LeaseCalls;
  readonly name: string;
  readonly namespace: string;
  /** The name of this process in every Lease that it leads. */
  readonly identity: string;
  readonly timing: LeaseTiming;
  readonly clock: DaemonClock;
  /** 0 up to 1. */
  readonly random: () => number;
  /** The electors of this process that lead. */
  readonly leading: Set<unknown>;
}

/** grantd gives a Lease back even if the process is asked to stop. */
const NEVER = new AbortController().signal;

type Report = (news: LeaseEvent) => void;

/**
 * Tries to lead by one Lease, as client-go does. Each write names the version that it was made from, so of two replicas
 * that want the Lease, the API admits one. A Lease is free only after this process saw it unchanged for its duration.
 */
export class Elector implements AccountLease {
  readonly #options: ElectorOptions;
  readonly #seen: SeenLease;
  #led: LedLease | null = null;
  #failure: GrantdError | null = null;
  #reportedHolder: string | null | undefined = undefined;
  #chance: number;
  #dueMs = 0;

  constructor(options: ElectorOptions) {
    this.#options = options;
    this.#seen = new SeenLease(options.timing);
    this.#chance = options.random();
  }

  status(): LeaderStatus {
    if (this.#led !== null && this.#led.leftMs() > 0) return { kind: 'held', term: this.#led };
    if (this.#failure !== null) return { kind: 'unknown' };
    const { holder, hasRenewed } = this.#seen;
    const isOwn = holder === this.#options.identity;
    return { kind: 'standby', holder: isOwn ? null : holder, hasRenewed: !isOwn && hasRenewed };
  }

  async keep(stop: AbortSignal, report: Report): Promise<void> {
    while (!stop.aborted) {
      await this.#turn(stop, report);
      this.#noticeEnd(report);
      await this.#sleep(stop);
      this.#noticeEnd(report);
    }
    await this.#release(report);
  }

  /** One look or one renewal. A failure is reported once, until an answer comes again. */
  async #turn(stop: AbortSignal, report: Report): Promise<void> {
    const { timing, clock, random } = this.#options;
    this.#dueMs = clock.monotonicMs() + timing.everyMs * (0.8 + 0.4 * random());
    try {
      if (this.#led !== null) await this.#renew(stop);
      else await this.#campaign(stop, report);
      this.#failure = null;
      this.#reportStandby(report);
    } catch (error) {
      if (!(error instanceof GrantdError)) throw error;
      if (stop.aborted) return;
      this.#fail(error, report);
    }
  }

  #fail(error: GrantdError, report: Report): void {
    // There is time for another try or two before the Lease ends.
    if (this.#led !== null) this.#hurry();
    else if (this.#failure === null) report({ kind: 'unreachable', error });
    this.#failure = error;
    this.#reportedHolder = undefined;
  }

  #hurry(): void {
    const { timing, clock } = this.#options;
    this.#dueMs = Math.min(this.#dueMs, clock.monotonicMs() + timing.everyMs / 4);
  }

  async #renew(stop: AbortSignal): Promise<void> {
    const { record } = this.#seen;
    if (this.#led === null || record === null) return;
    const { acquireTime, transitions } = record;
    const write = this.#write({ acquireTime, transitions });
    const sent = this.#now();
    const answer = await this.#options.calls.replace(nextLease(record, write), this.#requestMs(), stop);
    if (answer.kind === 'lease') {
      this.#seen.see(answer.record, sent.ms);
      this.#led.renewed(sent);
      return;
    }
    await this.#look(stop);
    // Still ours although others wrote: a label was set, or the answer to a renewal was lost. The next turn comes soon.
    if (this.#seen.holder === this.#options.identity) this.#hurry();
    else this.#led.end();
  }

  async #campaign(stop: AbortSignal, report: Report): Promise<void> {
    const { clock, timing, leading, identity } = this.#options;
    await this.#look(stop);
    const { freeFromMs, record, holder } = this.#seen;
    if (freeFromMs === null) return;
    const isOwn = holder === identity;
    const fromMs = isOwn ? 0 : freeFromMs + spreadDelayMs(timing, leading.size, this.#chance);
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
    const led = new LedLease(clock, timing, sent);
    if (led.leftMs() === 0) return;
    this.#led = led;
    leading.add(this);
    this.#reportedHolder = identity;
    report({ kind: 'held', holder: identity, transitions });
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
    // The time of the answer counts: an earlier one would include time in which the Lease may have changed.
    this.#seen.see(answer.kind === 'lease' ? answer.record : null, this.#options.clock.monotonicMs());
  }

  #noticeEnd(report: Report): void {
    if (this.#led === null || this.#led.leftMs() > 0) return;
    const { holder } = this.#seen;
    const taken = holder !== null && holder !== this.#options.identity ? `${holder} has taken it` : null;
    this.#letGo();
    const reason = taken ?? this.#failure?.message ?? 'it could not be renewed in time';
    report({ kind: 'lost', reason });
    if (taken === null && this.#failure !== null) report({ kind: 'unreachable', error: this.#failure });
    this.#reportedHolder = undefined;
  }

  #letGo(): void {
    this.#led?.end();
    this.#led = null;
    this.#options.leading.delete(this);
  }

  #reportStandby(report: Report): void {
    if (this.#led !== null) return;
    const { holder } = this.#seen;
    if (holder === this.#reportedHolder) return;
    this.#reportedHolder = holder;
    report({ kind: 'standby', holder });
  }

  /** If this fails, the other replicas wait for the end of the Lease. */
  async #release(report: Report): Promise<void> {
    const isLeading = this.#led !== null && this.#led.leftMs() > 0;
    this.#letGo();
    // grantd does not wait for an API that it cannot reach.
    if (!isLeading || this.#failure !== null) return;
    try {
      if (!(await this.#giveBack())) {
        // A renewal that was cancelled may have taken effect.
        await this.#look(NEVER);
        if (this.#seen.holder !== this.#options.identity || !(await this.#giveBack())) return;
      }
      report({ kind: 'released' });
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

  /** A renewal gets no more time than the Lease has left. */
  #requestMs(): number {
    const { requestMs } = this.#options.timing;
    return this.#led === null ? requestMs : Math.max(1, Math.min(requestMs, this.#led.leftMs()));
  }

  async #sleep(stop: AbortSignal): Promise<void> {
    const { clock, timing } = this.#options;
    const untilDueMs = Math.max(0, this.#dueMs - clock.monotonicMs());
    const waitMs = this.#led === null ? untilDueMs : Math.min(untilDueMs, this.#led.leftMs());
    try {
      await clock.sleep(Math.min(waitMs, timing.durationMs), stop);
    } catch {
      // Only the stop ends the sleep early.
    }
  }
}
