import type { AccountEvent, DaemonEvent, DaemonEventKind } from '../../core/domain/run/daemon-event.ts';
import type { AccountStatus } from '../../core/domain/status/account-status.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { LogFields } from './fields.ts';
import type { LogLevel } from './level.ts';

/** How grantd logs one kind of event: everything that it says about the line. */
export interface LogRow<E> {
  /** If it depends on the event: the levels that it may have, and which it is. */
  readonly level:
    | LogLevel
    | { readonly among: readonly LogLevel[]; readonly pick: (event: E, now: Instant) => LogLevel };
  /** Always the same text: what differs is in fields. */
  readonly message: string;
  /** The same keys for every event of the kind. `after`: the status of its account since the event. */
  readonly fields: (event: E, after: E extends AccountEvent ? AccountStatus : null) => LogFields;
}

/** The rows of some kinds of events. */
export type LogRows<K extends DaemonEventKind> = { readonly [Kind in K]: LogRow<Extract<DaemonEvent, { kind: Kind }>> };

/** The events whose kind begins so. */
export type KindOf<Prefix extends string> = Extract<DaemonEventKind, `${Prefix}.${string}`>;
