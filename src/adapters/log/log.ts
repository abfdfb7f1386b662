import type { DaemonEvent, DaemonEventKind } from '../../core/domain/run/daemon-event.ts';
import type { DaemonObserver, StatusUpdate } from '../../core/domain/status/status-update.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import { boundFields } from './bound-fields.ts';
import { type LogDestination, openStandardOutput } from './destination.ts';
import type { LogFields } from './fields.ts';
import { createJsonLines, type WriteLine } from './json-lines.ts';
import { isLogged, type LogFormat, type LogLevel, type LogThreshold } from './level.ts';
import { POLICY_ROWS } from './policy-rows.ts';
import { LEASE_ROWS, PROCESS_ROWS } from './process-rows.ts';
import type { LogRow, LogRows } from './row.ts';
import { RUN_ROWS } from './run-rows.ts';
import { toTextLine } from './text-line.ts';

export interface LogOptions {
  readonly level: LogThreshold;
  readonly format: LogFormat;
  /** Removes every secret of the process from a text. */
  readonly secrets: { scrub(text: string): string };
  /** Called once, when no one reads standard output any more. */
  readonly onClosed?: () => void;
  /** Standard output by default. */
  readonly destination?: LogDestination;
  readonly now?: () => Instant;
}

export interface Log {
  readonly observe: DaemonObserver;
}

/** The one table of log lines. A test compares it with docs/logs.md, both ways. */
export const LOG_EVENTS: LogRows<DaemonEventKind> = { ...PROCESS_ROWS, ...POLICY_ROWS, ...LEASE_ROWS, ...RUN_ROWS };

/** Writes one line for each event of the daemon, before it returns. */
export function createLog({
  level: threshold,
  format,
  secrets,
  onClosed = () => {},
  destination = openStandardOutput(onClosed),
  now = Date.now,
}: LogOptions): Log {
  const scrub = (text: string) => secrets.scrub(text);
  const write = format === 'text' ? textWriter() : createJsonLines({ format, destination, scrub, now });

  function textWriter(): WriteLine {
    return (level, _, message, fields) => {
      const time = `${new Date(now()).toISOString().slice(0, 19)}Z`;
      destination.write(scrub(toTextLine(time, level, message, fields)));
    };
  }

  return {
    observe: (change) => {
      const { event } = change;
      const level = levelOf(change);
      if (!isLogged(level, threshold)) return;
      const { message } = LOG_EVENTS[event.kind];
      write(level, event.kind, message, boundFields(fieldsOf(change), scrub));
    },
  };
}

/** The row of an event. The type of the table says that its functions take this very event, and the status of its account. */
function rowOf(event: DaemonEvent) {
  return LOG_EVENTS[event.kind as DaemonEventKind] as Pick<LogRow<DaemonEvent>, 'level'> & {
    readonly fields: (event: DaemonEvent, after: StatusUpdate['after']) => LogFields;
  };
}

function levelOf({ event, at }: StatusUpdate): LogLevel {
  const { level } = rowOf(event);
  return typeof level === 'string' ? level : level.pick(event, at);
}

function fieldsOf({ event, after }: StatusUpdate): LogFields {
  return rowOf(event).fields(event, after);
}
