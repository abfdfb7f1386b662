import { createNotifier, type Notifier, type NotifyTarget } from '../../../../src/adapters/notify/notifier.ts';
import type { DaemonEvent, EmitEvent } from '../../../../src/core/domain/run/daemon-event.ts';
import type { Clock } from '../../../../src/core/domain/run/ports.ts';
import type { DaemonObserver } from '../../../../src/core/domain/status/status-update.ts';
import { type Proxies, readProxies } from '../../../../src/platform/http/proxies.ts';
import { statusesAt } from '../../../support/observed.ts';
import { NOW } from '../../log/support/events.ts';

interface Sleep {
  readonly durationMs: number;
  readonly wake: () => void;
}

export interface OwnClock extends Clock {
  /** How long each sleep was to last that has begun, in their order. */
  readonly asked: readonly number[];
  /** Ends every sleep under way that is as long. */
  wake(durationMs: number): void;
  isAsleep(durationMs: number): boolean;
}

/** A clock that stands still. Sleeps up to `mostMs` end at once, longer ones when they are woken. */
export function ownClock(mostMs = 0): OwnClock {
  const asked: number[] = [];
  const asleep = new Set<Sleep>();
  return {
    asked,
    now: () => NOW,
    sleep: (durationMs, signal) => {
      asked.push(durationMs);
      if (durationMs <= mostMs) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const sleep = {
          durationMs,
          wake: () => {
            asleep.delete(sleep);
            resolve();
          },
        };
        asleep.add(sleep);
        signal.addEventListener('abort', () => {
          asleep.delete(sleep);
          reject(signal.reason);
        });
      });
    },
    wake: (durationMs) => {
      for (const sleep of [...asleep]) if (sleep.durationMs === durationMs) sleep.wake();
    },
    isAsleep: (durationMs) => [...asleep].some((sleep) => sleep.durationMs === durationMs),
  };
}

export interface Notifying {
  /** Takes events, which are folded on their way. */
  readonly notifier: Omit<Notifier, 'observe'> & { readonly observe: EmitEvent };
  /** What it told of itself. */
  readonly told: readonly DaemonEvent[];
}

export const NO_PROXIES = readProxies({});

export function notifying(targets: readonly NotifyTarget[], clock: Clock, proxies: Proxies = NO_PROXIES): Notifying {
  const told: DaemonEvent[] = [];
  const onEvent = (event: DaemonEvent) => told.push(event);
  const notifier = createNotifier({
    targets,
    rules: { endsSoonDays: 14 },
    clock,
    proxies,
    random: () => 0,
    source: 'urn:grantd:test',
    onEvent,
  });
  return { told, notifier: { ...notifier, observe: fedTo(notifier.observe, clock) } };
}

/** Folds events as the daemon does, and hands them on. */
export function fedTo(observe: DaemonObserver, clock: Clock): EmitEvent {
  const statuses = statusesAt(() => clock.now());
  statuses.add(observe);
  return statuses.emit;
}

export function webhook(url: string, secret: string | null = null): NotifyTarget {
  return { kind: 'webhook', url: () => url, secret: secret === null ? null : () => secret };
}

export function slack(url: string): NotifyTarget {
  return { kind: 'slack', url: () => url };
}

/** Waits until something holds, generously. */
export async function until(actual: () => boolean, what: string): Promise<void> {
  const end = Date.now() + 120_000;
  while (!actual()) {
    if (Date.now() > end) throw new Error(`waited in vain: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
