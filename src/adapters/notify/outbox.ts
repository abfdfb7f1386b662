import type { DaemonObserver } from '../../core/domain/run/daemon-event.ts';
import type { Clock } from '../../core/domain/run/ports.ts';
import type { Proxies } from '../../platform/http/proxies.ts';
import { deliverOnce } from './delivery.ts';
import type { Letter } from './message.ts';
import type { NotifyTarget } from './target.ts';

/** Most letters that wait for one target; the oldest give way to newer ones. */
export const QUEUE_MOST = 100;

/** How often one letter is sent at most. */
export const TRIES_MOST = 3;

const BACKOFF_FIRST_MS = 1_000;

export interface OutboxParts {
  /** The proxies that notifications go through, as requests to Mailtrap do. */
  readonly proxies: Proxies;
  readonly clock: Clock;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly onEvent: DaemonObserver;
}

/** Sends letters to one target, one after the other, in the order in which they came. Nothing of it ever rejects. */
export class Outbox {
  readonly #target: NotifyTarget;
  readonly #parts: OutboxParts;
  readonly #closing = new AbortController();
  #waiting: Letter[] = [];
  #dropped = 0;
  #work: Promise<void> | null = null;

  constructor(target: NotifyTarget, parts: OutboxParts) {
    this.#target = target;
    this.#parts = parts;
  }

  add(letter: Letter): void {
    if (this.#closing.signal.aborted) return;
    if (this.#waiting.length === QUEUE_MOST) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#waiting.push(letter);
    this.#work ??= this.#sendAll();
  }

  /** Resolves once nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** Gives up what waits and what is under way, and tells it. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new Error('the notifier is closed'));
    this.#dropped += this.#waiting.length;
    this.#waiting = [];
    this.#tellDropped();
  }

  async #sendAll(): Promise<void> {
    for (let letter = this.#waiting.shift(); letter !== undefined; letter = this.#waiting.shift()) {
      await this.#send(letter);
      this.#tellDropped();
    }
    this.#work = null;
  }

  async #send(letter: Letter): Promise<void> {
    const { signal } = this.#closing;
    for (let tries = 1; ; tries += 1) {
      const end = await deliverOnce(this.#target, letter, { ...this.#parts, signal });
      if (end.kind === 'delivered') return;
      if (signal.aborted) return this.#tellFailed('grantd ended before it was delivered');
      if (end.kind === 'refused' || tries === TRIES_MOST) return this.#tellFailed(end.reason);
      await this.#wait(end.waitMs ?? BACKOFF_FIRST_MS * 2 ** (tries - 1));
    }
  }

  /** So long, and up to half as long again, so that many daemons do not come back at one moment. */
  async #wait(leastMs: number): Promise<void> {
    const { clock, random } = this.#parts;
    await clock.sleep(Math.round(leastMs * (1 + random() / 2)), this.#closing.signal).catch(() => {});
  }

  #tellFailed(reason: string): void {
    this.#tell({ kind: 'notify.failed', target: this.#target.kind, reason });
  }

  #tellDropped(): void {
    const count = this.#dropped;
    this.#dropped = 0;
    if (count > 0) this.#tell({ kind: 'notify.dropped', target: this.#target.kind, count });
  }

  #tell(event: Parameters<DaemonObserver>[0]): void {
    try {
      this.#parts.onEvent(event);
    } catch {
      // An observer with a fault must not keep the letters behind this one from being sent.
    }
  }
}
