import { createStatusBoard } from '../../../src/adapters/http/status-board.ts';
import { createLog } from '../../../src/adapters/log/log.ts';
import { createMetrics } from '../../../src/adapters/metrics/metrics.ts';
import type { NotificationData } from '../../../src/adapters/notify/notification.ts';
import { NEW_STATE, type NotificationState } from '../../../src/adapters/notify/notification-state.ts';
import { notificationsOf } from '../../../src/adapters/notify/notifications-of.ts';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { isOfAccount, statusesAt } from '../../support/observed.ts';

/** What one outlet says of an account; null where it says nothing of that. */
export interface Said {
  readonly isPaused: boolean | null;
  readonly isLeading: boolean | null;
  readonly failures: number | null;
  /** Principals with changes that guards hold. */
  readonly held: number | null;
  readonly deferred: number | null;
  readonly unresolved: number | null;
  readonly observed: number | null;
}

type Line = Readonly<Record<string, unknown>> & { readonly event: string };

/** Every outlet of a daemon with one policy: what each says is read from what it shows, and from nothing else. */
export class Outlets {
  readonly #statuses;
  readonly #metrics;
  readonly #board;
  readonly #sent: NotificationData[] = [];
  readonly #log: { isPaused: boolean | null; isLeading: boolean; failures: number } = {
    isPaused: null,
    isLeading: true,
    failures: 0,
  };
  #state: NotificationState = NEW_STATE;
  #line: Line | null = null;
  /** The last line of a run that ended. */
  lastEnd: Line | null = null;

  constructor(now: () => number) {
    this.#statuses = statusesAt(now);
    const accounts = () => this.#statuses.all;
    this.#metrics = createMetrics({ version: 'test', accounts });
    this.#board = createStatusBoard({ version: 'test', clock: { now }, accounts });
    const destination = { write: (text: string) => this.#read(JSON.parse(text)) };
    const log = createLog({ level: 'trace', format: 'json', secrets: { scrub: (text) => text }, destination, now });
    for (const { observe } of [log, this.#metrics, this.#board]) this.#statuses.add(observe);
    this.#statuses.add((change) => {
      if (!isOfAccount(change)) return;
      const { state, notifications } = notificationsOf(this.#state, change);
      this.#state = state;
      this.#sent.push(...notifications.map(({ data }) => data));
    });
  }

  take(event: DaemonEvent): void {
    this.#line = null;
    this.#statuses.emit(event);
  }

  /** By a scrape. */
  metrics(): Said {
    const scrape = this.#metrics.render();
    const sumOf = (name: string) => {
      const values = valuesOf(scrape, name);
      return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
    };
    return {
      isPaused: only(scrape, 'grantd_paused') === 1,
      isLeading: only(scrape, 'grantd_leader') === 1,
      failures: only(scrape, 'grantd_consecutive_failures'),
      held: only(scrape, 'grantd_held'),
      deferred: sumOf('grantd_deferred_changes'),
      unresolved: sumOf('grantd_unresolved_names'),
      observed: only(scrape, 'grantd_observed_changes'),
    };
  }

  /** By the status of the HTTP port. */
  status(): Said {
    const [account] = this.#board.status().accounts;
    if (account === undefined) throw new Error('no account');
    return {
      isPaused: account.validity.isPaused,
      isLeading: account.lease === null || account.lease.role === 'leader',
      failures: account.failures,
      held: account.pending?.counts.held ?? null,
      deferred: account.pending?.counts.deferred ?? null,
      unresolved: account.pending?.counts.unresolved ?? null,
      observed: account.pending?.counts.observed ?? null,
    };
  }

  /** Each condition with its reason, such as `True PolicyPaused`. */
  conditions(): Readonly<Record<string, string>> {
    const [account] = this.#board.status().accounts;
    return Object.fromEntries(
      (account?.conditions ?? []).map(({ type, status, reason }) => [type, `${status} ${reason}`]),
    );
  }

  /** The message of the condition Ready. */
  readyMessage(): string {
    const [account] = this.#board.status().accounts;
    return (account?.conditions ?? []).find(({ type }) => type === 'Ready')?.message ?? '';
  }

  /** By all lines of the log. What is held, deferred and observed is as of the last plan, so it is null on any other line than one of a plan. */
  log(): Said {
    const isPlan = this.#line?.event === 'run.planned';
    const isEnd = this.#line?.event === 'run.ended' && this.#line?.['heldCount'] !== null;
    return {
      ...this.#log,
      held: isPlan || isEnd ? Number(this.#line?.['heldCount']) : null,
      deferred: isPlan || isEnd ? Number(this.#line?.['deferred']) : null,
      unresolved: isPlan || isEnd ? Number(this.#line?.['unresolved']) : null,
      observed: isPlan || isEnd ? Number(this.#line?.['observed']) : null,
    };
  }

  /** What the last notification of each pair says: null before the first. */
  notified(): { readonly isFailing: boolean; readonly holds: boolean; readonly waits: boolean } {
    const lastOf = (a: string, b: string) => this.#sent.findLast(({ kind }) => kind === a || kind === b)?.kind;
    return {
      isFailing: lastOf('run.failing', 'run.recovered') === 'run.failing',
      holds: lastOf('changes.held', 'changes.released') === 'changes.held',
      waits: lastOf('changes.deferred', 'changes.settled') === 'changes.deferred',
    };
  }

  get sent(): readonly NotificationData[] {
    return this.#sent;
  }

  #read(line: Line): void {
    this.#line = line;
    const { event } = line;
    if (typeof line['paused'] === 'boolean') this.#log.isPaused = line['paused'];
    if (event === 'run.ended') {
      this.lastEnd = line;
      this.#log.failures = Number(line['failures']);
    }
    if (!event.startsWith('lease.') || event === 'lease.superseded') return;
    this.#log.isLeading = event === 'lease.acquired';
    if (event !== 'lease.acquired' && event !== 'lease.unreachable') this.#log.failures = 0;
  }
}

function valuesOf(scrape: string, name: string): readonly number[] {
  return [...scrape.matchAll(new RegExp(`^${name}\\{.*\\} (\\S+)$`, 'gm'))].map(([, value]) => Number(value));
}

function only(scrape: string, name: string): number | null {
  const [value = null] = valuesOf(scrape, name);
  return value;
}
