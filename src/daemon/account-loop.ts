import type { Trigger } from '../core/domain/run/daemon-event.ts';
import type { PolicyWatch } from '../core/domain/run/daemon-ports.ts';
import type { DeliveredEvents } from '../core/domain/run/mailtrap-event.ts';
import { AccountRunner } from './account-runner.ts';
import { ClockWatch } from './clock-watch.ts';
import { Deadlines } from './deadlines.ts';
import { Leadership } from './leadership.ts';
import { LeftOpen } from './left-open.ts';
import { type DaemonSignals, type LoopParts, STUCK_AFTER_MS } from './loop-parts.ts';
import { MailtrapEvents } from './mailtrap-events.ts';
import { retryAt } from './pacing.ts';
import { PolicyController } from './policy-controller.ts';
import { TriggerQueue, Wakeup } from './trigger-queue.ts';

/**
 * Keeps one account equal to one policy file for as long as the daemon lives. Two jobs go on side by side: looking (at the
 * file, the clock and the deadlines), which only adds triggers to the queue; and running, which empties it.
 */
export class AccountLoop {
  readonly #parts: LoopParts;
  readonly #signals: DaemonSignals;
  readonly #controller: PolicyController;
  readonly #deadlines: Deadlines;
  readonly #runner: AccountRunner;
  readonly #triggers: TriggerQueue;
  readonly #hints: Wakeup;
  readonly #clockWatch: ClockWatch;
  readonly #leadership: Leadership;
  readonly #leftOpen: LeftOpen;
  readonly #mailtrap: MailtrapEvents;
  #leftOpenTries = 0;
  #slots: { stop(): void } | null = null;
  #lookedMs: number;
  #ranVersion = 0;

  constructor(parts: LoopParts, signals: DaemonSignals) {
    this.#parts = parts;
    this.#signals = signals;
    this.#controller = new PolicyController({ ...parts, keepsState: () => this.#leadership.keepsState() });
    this.#deadlines = new Deadlines(parts.clock);
    this.#mailtrap = new MailtrapEvents(parts.clock);
    this.#runner = new AccountRunner(parts, signals, this.#controller, this.#deadlines, this.#mailtrap);
    this.#leftOpen = new LeftOpen(parts, this.#controller, (account) => this.#runner.open(account));
    this.#triggers = new TriggerQueue(parts.clock);
    this.#hints = new Wakeup(parts.clock);
    this.#clockWatch = new ClockWatch(parts.clock);
    this.#leadership = new Leadership(parts, this.#controller, {
      onHeld: (delayMs) => this.#triggers.add('lease', delayMs),
      onLost: () => this.#runner.callOff(),
      onFault: () => this.#signals.giveUp(),
    });
    this.#lookedMs = parts.clock.monotonicMs();
  }

  /** Asks for a run. `commit` is what git-sync says that it published; null if someone else asks. */
  ask(trigger: Trigger, commit: string | null = null): void {
    this.#parts.emit({ kind: 'run.asked', ...this.#controller.origin, trigger, commit });
    this.#triggers.add(trigger);
  }

  /** The account that the policy names; null while none was read. */
  get account(): number | null {
    return this.#controller.origin.account;
  }

  /** Takes a delivery of Mailtrap's audit events. Only what is new asks for a run, so nobody who repeats one can keep runs going. */
  deliver({ events, unread }: DeliveredEvents): void {
    const newEvents = this.#mailtrap.add(events, this.account);
    this.#parts.emit({
      kind: 'mailtrap.delivered',
      ...this.#controller.origin,
      events: events.length,
      newEvents,
      unread,
    });
    if (newEvents > 0) this.ask('mailtrap');
  }

  /** Lives until the daemon stops. Rejects only for an internal error. */
  async live(): Promise<void> {
    this.#leadership.begin();
    const watch = this.#watch();
    try {
      // Side by side, because a look waits for the text to stay the same.
      await allEnded([this.#look('start'), this.#getReady()]);
      this.#triggers.add('start', this.#jitterMs());
      await allEnded([this.#keepLooking(), this.#keepRunning()].map((job) => this.#orGiveUp(job)));
    } finally {
      this.#slots?.stop();
      await watch.close();
      await this.#leadership.end();
    }
  }

  /** Why this loop is stuck, or null if it is not. */
  stuckReason(): string | null {
    const silentMs = this.#parts.clock.monotonicMs() - this.#lookedMs;
    if (silentMs > this.#parts.pacing.pollIntervalMs + STUCK_AFTER_MS) {
      return `the policy file was not looked at since ${Math.round(silentMs / 1000)} s`;
    }
    return this.#runner.stuckReason();
  }

  /** An internal error in one job stops the other, and waits for a write that it may have under way. */
  async #orGiveUp(job: Promise<void>): Promise<void> {
    try {
      await job;
    } catch (error) {
      this.#signals.giveUp();
      throw error;
    }
  }

  #watch(): PolicyWatch {
    return this.#parts.source.watch({
      onHint: () => this.#hints.ring(),
      onMode: (mode, reason) => this.#parts.emit({ kind: 'watch.mode', ...this.#controller.origin, mode, reason }),
    });
  }

  async #getReady(): Promise<void> {
    const reason = await this.#parts.source.neverChanges();
    if (reason !== null) this.#parts.emit({ kind: 'policy.never-changes', ...this.#controller.origin, reason });
    this.#startSchedule();
  }

  #startSchedule(): void {
    this.#slots?.stop();
    this.#slots = this.#parts.schedule.start(({ missed }) => {
      if (missed) this.#parts.emit({ kind: 'schedule.missed', ...this.#controller.origin });
      this.#triggers.add('schedule', this.#jitterMs());
    });
  }

  #jitterMs(): number {
    return Math.floor(this.#parts.random() * this.#parts.pacing.startJitterMs);
  }

  async #keepLooking(): Promise<void> {
    const { clock, pacing } = this.#parts;
    const { stop } = this.#signals;
    while (!stop.aborted) {
      const untilPollMs = Math.max(0, this.#lookedMs + pacing.pollIntervalMs - clock.monotonicMs());
      const wasHinted = await this.#hints.wait(this.#deadlines.waitMs(untilPollMs), stop);
      if (stop.aborted) return;
      this.#noticeTime();
      if (wasHinted) await this.#lookBeside('file');
      else if (clock.monotonicMs() >= this.#lookedMs + pacing.pollIntervalMs) await this.#lookBeside('poll');
    }
  }

  #noticeTime(): void {
    const byMs = this.#clockWatch.jumpedMs();
    if (byMs !== 0) {
      this.#parts.emit({ kind: 'clock.jumped', ...this.#controller.origin, byMs });
      // Its timer was set by the clock as it was.
      this.#startSchedule();
      this.#noticePolicy();
      this.#triggers.add('boundary');
    }
    for (const trigger of this.#deadlines.take()) this.#triggers.add(trigger);
  }

  /** A look while a run may be under way. */
  async #lookBeside(trigger: Trigger): Promise<void> {
    if (await this.#look(trigger)) this.#triggers.add(trigger);
  }

  async #look(trigger: Trigger): Promise<boolean> {
    const isNew = await this.#controller.look(trigger, this.#signals.stop, () => this.#runner.supersede());
    this.#lookedMs = this.#parts.clock.monotonicMs();
    if (isNew) this.#noticePolicy();
    if (isNew && this.#controller.origin.account !== null) this.#leadership.begin();
    return isNew;
  }

  #noticePolicy(): void {
    const { policyState } = this.#controller;
    this.#deadlines.setPolicy(policyState.kind === 'none' ? null : policyState.policy.resolved);
    this.#deadlinesChanged();
  }

  async #keepRunning(): Promise<void> {
    const { stop } = this.#signals;
    for (;;) {
      const trigger = await this.#triggers.take(this.#runner.earliestMs, stop);
      if (trigger === null) return;
      await this.#look(trigger);
      if (stop.aborted) return;
      const may = await this.#leadership.permission();
      if (may === null) continue;
      const isLeft = await this.#leftOpen.finish();
      if (stop.aborted) return;
      // A run that started for another reason has already used this text.
      const isUsed = (trigger === 'file' || trigger === 'poll') && this.#ranVersion === this.#controller.version;
      if (isUsed && !isLeft) continue;
      this.#ranVersion = this.#controller.version;
      if (!isUsed) await this.#runner.run(trigger, may);
      this.#retryLeftOpen(isLeft);
      this.#deadlinesChanged();
    }
  }

  /** As after a failed run, unless a run is tried again sooner. */
  #retryLeftOpen(isLeft: boolean): void {
    this.#leftOpenTries = isLeft ? this.#leftOpenTries + 1 : 0;
    if (!isLeft || this.#deadlines.retryAt !== null) return;
    const { clock, schedule, random } = this.#parts;
    this.#deadlines.setRetry(retryAt(this.#leftOpenTries, clock.now(), schedule.next(), random));
  }

  /** The looking job may be waiting for something later than what is due now. */
  #deadlinesChanged(): void {
    this.#hints.nudge();
    const { boundaryAt, retryAt } = this.#deadlines;
    const scheduleAt = this.#parts.schedule.next();
    this.#parts.emit({ kind: 'next.planned', ...this.#controller.origin, scheduleAt, boundaryAt, retryAt });
  }
}

/** Waits for all of them, so that none goes on after the loop. Rejects with the first error. */
async function allEnded(jobs: readonly Promise<unknown>[]): Promise<void> {
  for (const end of await Promise.allSettled(jobs)) if (end.status === 'rejected') throw end.reason;
}
