import { createStatusBoard, type StatusBoard } from '../../src/adapters/http/status-board.ts';
import { createLog, type LogOptions } from '../../src/adapters/log/log.ts';
import { createMetrics, type Metrics } from '../../src/adapters/metrics/metrics.ts';
import type { DaemonEvent, EmitEvent } from '../../src/core/domain/run/daemon-event.ts';
import type { AccountUpdate, StatusUpdate } from '../../src/core/domain/status/status-update.ts';
import { AccountStatuses } from '../../src/daemon/account-statuses.ts';

/** Something that takes events, which are folded on their way as the daemon folds them. */
type Fed<T> = Omit<T, 'observe'> & { readonly observe: EmitEvent };

/** Statuses that throw what anything in them throws. */
export function statusesAt(now: () => number = Date.now): AccountStatuses {
  return new AccountStatuses({ now }, (error) => {
    throw error;
  });
}

export function fedMetrics(options: {
  readonly version: string;
  readonly nodeVersion?: string;
  readonly now?: () => number;
}): Fed<Metrics> {
  const { now, ...rest } = options;
  const statuses = statusesAt(now);
  const metrics = createMetrics({ ...rest, accounts: () => statuses.all });
  statuses.add(metrics.observe);
  return { ...metrics, observe: statuses.emit };
}

export function fedBoard(options: {
  readonly version: string;
  readonly clock: { readonly now: () => number };
}): Fed<StatusBoard> {
  const statuses = statusesAt(() => options.clock.now());
  const board = createStatusBoard({ ...options, accounts: () => statuses.all });
  statuses.add(board.observe);
  return { ...board, observe: statuses.emit };
}

export function fedLog(options: LogOptions): { readonly observe: EmitEvent } {
  const statuses = statusesAt(options.now);
  statuses.add(createLog(options).observe);
  return { observe: statuses.emit };
}

/** What observers get of these events. */
export function changesOf(events: readonly DaemonEvent[], at: (index: number) => number): readonly StatusUpdate[] {
  let index = 0;
  const statuses = statusesAt(() => at(index));
  const changes: StatusUpdate[] = [];
  statuses.add((change) => changes.push(change));
  for (const event of events) {
    statuses.emit(event);
    index += 1;
  }
  return changes;
}

export function isOfAccount(change: StatusUpdate): change is AccountUpdate {
  return change.before !== null;
}
