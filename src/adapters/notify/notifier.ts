import { randomUUID } from 'node:crypto';
import type { DaemonObserver } from '../../core/domain/run/daemon-event.ts';
import type { Clock } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { Proxies } from '../../platform/http/proxies.ts';
import { notificationsOf } from './notifications-of.ts';
import { Outbox } from './outbox.ts';
import { type NotifyTarget, readAddress, readSecret } from './target.ts';
import { NOTHING_TOLD } from './told.ts';

export type { NotifyTarget } from './target.ts';

export interface NotifierOptions {
  readonly targets: readonly NotifyTarget[];
  readonly clock: Clock;
  /** 0 up to 1: spreads the waits between tries. */
  readonly random: () => number;
  /** The proxies that notifications go through, as requests to Mailtrap do. */
  readonly proxies: Proxies;
  /** Told what could not be delivered. */
  readonly onEvent: DaemonObserver;
  /** Who tells, as a URI reference: `source` of every event. */
  readonly source: string;
}

export interface Notifier {
  /** Returns at once; what is to be told is sent beside. */
  readonly observe: DaemonObserver;
  /** Resolves once everything is sent or given up, or that time is over. */
  flush(timeoutMs: number): Promise<void>;
  /** Gives up what is not sent yet, and takes nothing further. */
  close(): void;
}

/** Throws `notify-unusable` where a target could not be sent to. */
export function createNotifier({ targets, source, onEvent, clock, random, proxies }: NotifierOptions): Notifier {
  for (const target of targets) requireUsable(target);
  const outboxes = targets.map((target) => new Outbox(target, { onEvent, clock, random, proxies }));
  let told = NOTHING_TOLD;
  return {
    observe: (event) => {
      if (outboxes.length === 0) return;
      const notified = notificationsOf(told, event, clock.now());
      told = notified.told;
      for (const message of notified.messages) {
        const letter = { id: randomUUID(), source, message };
        for (const outbox of outboxes) outbox.add(letter);
      }
    },
    flush: async (timeoutMs) => {
      const done = new AbortController();
      const late = clock.sleep(timeoutMs, done.signal).catch(() => {});
      await Promise.race([late, Promise.all(outboxes.map((outbox) => outbox.idle()))]);
      done.abort();
    },
    close: () => {
      for (const outbox of outboxes) outbox.close();
    },
  };
}

function requireUsable(target: NotifyTarget): void {
  const address = readAddress(target);
  const isUnsigned = target.kind === 'webhook' && target.secret !== null && readSecret(target.secret) === null;
  const misfit = 'misfit' in address ? address.misfit : isUnsigned ? 'its secret cannot be read' : null;
  if (misfit === null) return;
  throw new GrantdError(
    'notify-unusable',
    `notifications cannot be sent to ${target.kind}: ${misfit}`,
    'write an https address into the file that the setting names; http is allowed on loopback only',
  );
}
