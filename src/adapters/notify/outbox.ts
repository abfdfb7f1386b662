import type { EmitEvent } from '../../core/domain/run/daemon-event.ts';
import type { Clock } from '../../core/domain/run/ports.ts';
import type { Proxies } from '../../platform/http/proxies.ts';
import { deliverOnce } from './delivery.ts';
import type { NotificationRequest } from './notification.ts';
import type { NotifyTarget } from './target.ts';

/** How many notifications wait for one target at most; then the oldest are dropped. */
export const QUEUE_MOST = 100;

/** How often grantd tries to send one notification at most. */
export const TRIES_MOST = 3;

const BACKOFF_FIRST_MS = 1_000;

export interface OutboxParts {
  /** The proxies that notifications go through, as requests to Mailtrap do. */
  readonly proxies: Proxies;
  readonly clock: Clock;
  /** 0 up to 1. */
  readonly random: () => number;
  readonly onEvent: EmitEvent;
}

/** Sends notifications to one target, one after the other, in the order in which they came. Nothing of it ever rejects. */
export class Outbox {
  readonly #target: NotifyTarget;
  readonly #parts: OutboxParts;
  readonly #closing = new AbortController();
  #waiting: NotificationRequest[] = [];
  #dropped = 0;
  #work: Promise<void> | null = null;

  constructor(target: NotifyTarget, parts: OutboxParts) {
    this.#target = target;
    this.#parts = parts;
  }

  add(request: NotificationRequest): void {
    if (this.#closing.signal.aborted) return;
    if (this.#waiting.length === QUEUE_MOST) {
      this.#waiting.shift();
      this.#dropped += 1;
    }
    this.#waiting.push(request);
    this.#work ??= this.#sendAll();
  }

  /** Resolves once nothing waits and nothing is under way. */
  async idle(): Promise<void> {
    await this.#work;
  }

  /** Gives up what waits and what is under way, and reports it. */
  close(): void {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort(new Error('the notifier is closed'));
    this.#dropped += this.#waiting.length;
    this.#waiting = [];
    this.#reportDropped();
  }

  async #sendAll(): Promise<void> {
    for (let request = this.#waiting.shift(); request !== undefined; request = this.#waiting.shift()) {
      await this.#send(request);
      this.#reportDropped();
    }
    this.#work = null;
  }

  async #send(request: NotificationRequest): Promise<void> {
    const { signal } = this.#closing;
    for (let tries = 1; ; tries += 1) {
      const end = await deliverOnce(this.#target, request, { ...this.#parts, signal });
      if (end.kind === 'delivered') return;
      if (signal.aborted) return this.#reportFailed('grantd ended before it was delivered');
      if (end.kind === 'refused' || tries === TRIES_MOST) return this.#reportFailed(end.reason);
      await this.#wait(end.waitMs ?? BACKOFF_FIRST_MS * 2 ** (tries - 1));
    }
  }

  /** Waits so long, and up to half as long again, so that many daemons do not come back at one moment. */
  async #wait(leastMs: number): Promise<void> {
    const { clock, random } = this.#parts;
    await clock.sleep(Math.round(leastMs * (1 + random() / 2)), this.#closing.signal).catch(() => {});
  }

  #reportFailed(reason: string): void {
    this.#report({ kind: 'notify.failed', target: this.#target.kind, reason });
  }

  #reportDropped(): void {
    const count = this.#dropped;
    this.#dropped = 0;
    if (count > 0) this.#report({ kind: 'notify.dropped', target: this.#target.kind, count });
  }

  #report(event: Parameters<EmitEvent>[0]): void {
    try {
      this.#parts.onEvent(event);
    } catch {
      // A bug in an observer must not stop the notifications behind this one.
    }
  }
}
