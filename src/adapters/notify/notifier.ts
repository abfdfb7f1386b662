import { randomUUID } from 'node:crypto';
import type { EmitEvent } from '../../core/domain/run/daemon-event.ts';
import type { Clock } from '../../core/domain/run/ports.ts';
import type { DaemonObserver } from '../../core/domain/status/status-update.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import type { Proxies } from '../../platform/http/proxies.ts';
import type { NotificationRules } from './ends-soon.ts';
import { NEW_STATE, type NotificationState } from './notification-state.ts';
import { notificationsOf } from './notifications-of.ts';
import { Outbox } from './outbox.ts';
import { type NotifyTarget, readAddress, readSecret } from './target.ts';

export type { NotifyTarget } from './target.ts';

export interface NotifierOptions {
  readonly targets: readonly NotifyTarget[];
  readonly clock: Clock;
  /** 0 up to 1: spreads the waits between tries. */
  readonly random: () => number;
  /** The proxies that notifications go through, as requests to Mailtrap do. */
  readonly proxies: Proxies;
  /** Gets what the notifier could not deliver. */
  readonly onEvent: EmitEvent;
  /** Who reports, as a URI reference: `source` of every event. */
  readonly source: string;
  readonly rules: NotificationRules;
}

export interface Notifier {
  /** Returns at once; the notifier sends beside. */
  readonly observe: DaemonObserver;
  /** Resolves once everything is sent or given up, or that time is over. */
  flush(timeoutMs: number): Promise<void>;
  /** Gives up what is not sent yet, and takes nothing further. */
  close(): void;
}

/** Throws `notify-unusable` if a target cannot be used. */
export function createNotifier({ targets, source, rules, onEvent, clock, random, proxies }: NotifierOptions): Notifier {
  for (const target of targets) requireUsable(target);
  const outboxes = targets.map((target) => new Outbox(target, { onEvent, clock, random, proxies }));
  const states = new Map<string, NotificationState>();
  return {
    observe: (change) => {
      if (outboxes.length === 0 || change.before === null) return;
      const { policy } = change.before;
      const { state, notifications } = notificationsOf(states.get(policy) ?? NEW_STATE, change, rules);
      states.set(policy, state);
      for (const notification of notifications) {
        const request = { id: randomUUID(), source, notification };
        for (const outbox of outboxes) outbox.add(request);
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
