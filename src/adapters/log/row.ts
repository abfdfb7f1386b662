import type { DaemonEvent, DaemonEventKind } from '../../core/domain/run/daemon-event.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { LogFields } from './fields.ts';
import type { LogLevel } from './level.ts';

/** How one kind of event is logged: everything that is said of its line anywhere. */
export interface LogRow<E> {
  /** Where it depends on the event: the levels that it may have, and which it is. */
  readonly level:
    | LogLevel
    | { readonly among: readonly LogLevel[]; readonly pick: (event: E, now: Instant) => LogLevel };
  /** Always the same text: what differs stands in fields. */
  readonly message: string;
  /** The same keys for every event of the kind. */
  readonly fields: (event: E) => LogFields;
}

/** The rows of some kinds of events. */
export type LogRows<K extends DaemonEventKind> = { readonly [Kind in K]: LogRow<Extract<DaemonEvent, { kind: Kind }>> };

/** The events whose kind begins so. */
export type KindOf<Prefix extends string> = Extract<DaemonEventKind, `${Prefix}.${string}`>;
