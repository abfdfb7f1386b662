import type { Trigger } from '../core/domain/run/daemon-event.ts';
import type { PolicyWatch } from '../core/domain/run/daemon-ports.ts';
import { AccountRunner } from './account-runner.ts';
import { Agenda } from './agenda.ts';
import { Alarm } from './alarm.ts';
import { ClockWatch } from './clock-watch.ts';
import { Lead } from './lead.ts';
import { type DaemonSignals, type LoopParts, STUCK_AFTER_MS } from './loop-parts.ts';
import { Mailbox } from './mailbox.ts';
import { PolicyDesk } from './policy-desk.ts';

/**
 * Keeps one account equal to one policy file for as long as the daemon lives. Two things go on beside each other: looking
 * (at the file, the clock, the agenda), which only puts triggers into the mailbox; and running, which empties it.
 */
export class AccountLoop {
  readonly #parts: LoopParts;
  readonly #signals: DaemonSignals;
  readonly #desk: PolicyDesk;
  readonly #agenda: Agenda;
  readonly #runner: AccountRunner;
  readonly #mailbox: Mailbox;
  readonly #hints: Alarm;
  readonly #clockWatch: ClockWatch;
  readonly #lead: Lead;
  #slots: { stop(): void } | null = null;
  #lookedMs: number;
  #ranVersion = 0;

  constructor(parts: LoopParts, signals: DaemonSignals) {
    this.#parts = parts;
    this.#signals = signals;
    this.#desk = new PolicyDesk({ ...parts, keepsState: () => this.#lead.keepsState() });
    this.#agenda = new Agenda(parts.clock);
    this.#runner = new AccountRunner(parts, signals, this.#desk, this.#agenda);
    this.#mailbox = new Mailbox(parts.clock);
    this.#hints = new Alarm(parts.clock);
    this.#clockWatch = new ClockWatch(parts.clock);
    this.#lead = new Lead(parts, this.#desk, {
      onHeld: (delayMs) => this.#mailbox.add('lease', delayMs),
      onLost: () => this.#runner.callOff(),
      onFault: () => this.#signals.giveUp(),
    });
    this.#lookedMs = parts.clock.monotonicMs();
  }

  /** Asks for a run. `commit` is what git-sync said that it published, where it was git-sync. */
  ask(trigger: Trigger, commit: string | null = null): void {
    this.#parts.observe({ kind: 'run.asked', ...this.#desk.origin, trigger, commit });
    this.#mailbox.add(trigger);
  }

  /** Lives until the daemon stops. Rejects only where grantd itself has a fault. */
  async live(): Promise<void> {
    this.#lead.begin();
    const watch = this.#watch();
    try {
      // Side by side: the text of the policy is waited for to stay the same.
      await allEnded([this.#look('start'), this.#getReady()]);
      this.#mailbox.add('start', this.#jitterMs());
      await allEnded([this.#keepLooking(), this.#keepRunning()].map((job) => this.#orGiveUp(job)));
    } finally {
      this.#slots?.stop();
      await watch.close();
      await this.#lead.end();
    }
  }

  /** Why this loop does not go on, or null where it does. */
  stuckReason(): string | null {
    const silentMs = this.#parts.clock.monotonicMs() - this.#lookedMs;
    if (silentMs > this.#parts.pacing.pollIntervalMs + STUCK_AFTER_MS) {
      return `the policy file was not looked at since ${Math.round(silentMs / 1000)} s`;
    }
    return this.#runner.stuckReason();
  }

  /** A fault in one job stops the other, which may have a write under way: that is waited for. */
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
      onMode: (mode, reason) => this.#parts.observe({ kind: 'watch.mode', ...this.#desk.origin, mode, reason }),
    });
  }

  async #getReady(): Promise<void> {
    const reason = await this.#parts.source.neverChanges();
    if (reason !== null) this.#parts.observe({ kind: 'policy.never-changes', ...this.#desk.origin, reason });
    this.#startSchedule();
  }

  #startSchedule(): void {
    this.#slots?.stop();
    this.#slots = this.#parts.schedule.start(({ missed }) => {
      if (missed) this.#parts.observe({ kind: 'schedule.missed', ...this.#desk.origin });
      this.#mailbox.add('schedule', this.#jitterMs());
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
      const wasHinted = await this.#hints.wait(this.#agenda.waitMs(untilPollMs), stop);
      if (stop.aborted) return;
      this.#noticeTime();
      if (wasHinted) await this.#lookBeside('file');
      else if (clock.monotonicMs() >= this.#lookedMs + pacing.pollIntervalMs) await this.#lookBeside('poll');
    }
  }

  #noticeTime(): void {
    const byMs = this.#clockWatch.jumpedMs();
    if (byMs !== 0) {
      this.#parts.observe({ kind: 'clock.jumped', ...this.#desk.origin, byMs });
      // Its timer was set for the time that it was.
      this.#startSchedule();
      this.#noticePolicy();
      this.#mailbox.add('boundary');
    }
    for (const trigger of this.#agenda.take()) this.#mailbox.add(trigger);
  }

  /** A look that another run may be going on beside. */
  async #lookBeside(trigger: Trigger): Promise<void> {
    if (await this.#look(trigger)) this.#mailbox.add(trigger);
  }

  async #look(trigger: Trigger): Promise<boolean> {
    const isNew = await this.#desk.look(trigger, this.#signals.stop, () => this.#runner.supersede());
    this.#lookedMs = this.#parts.clock.monotonicMs();
    if (isNew) this.#noticePolicy();
    if (isNew && this.#desk.origin.account !== null) this.#lead.begin();
    return isNew;
  }

  #noticePolicy(): void {
    const { standing } = this.#desk;
    this.#agenda.setPolicy(standing.kind === 'none' ? null : standing.policy.resolved);
    this.#agendaChanged();
  }

  async #keepRunning(): Promise<void> {
    const { stop } = this.#signals;
    for (;;) {
      const trigger = await this.#mailbox.take(this.#runner.earliestMs, stop);
      if (trigger === null) return;
      await this.#look(trigger);
      if (stop.aborted) return;
      const may = await this.#lead.permission();
      if (may === null) continue;
      // A run that began for another reason has answered this text already.
      if ((trigger === 'file' || trigger === 'poll') && this.#ranVersion === this.#desk.version) continue;
      this.#ranVersion = this.#desk.version;
      await this.#runner.run(trigger, may);
      this.#agendaChanged();
    }
  }

  /** Whoever looks at the agenda may wait for something later than what is due now. */
  #agendaChanged(): void {
    this.#hints.nudge();
    const { boundaryAt, retryAt } = this.#agenda;
    const scheduleAt = this.#parts.schedule.next();
    this.#parts.observe({ kind: 'next.planned', ...this.#desk.origin, scheduleAt, boundaryAt, retryAt });
  }
}

/** Waits for all of them, so that none goes on after the loop; rejects as the first that did. */
async function allEnded(jobs: readonly Promise<unknown>[]): Promise<void> {
  for (const end of await Promise.allSettled(jobs)) if (end.status === 'rejected') throw end.reason;
}
