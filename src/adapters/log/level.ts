/** How much a line matters to the operator. */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** The lowest level that is logged. */
export type LogThreshold = 'trace' | LogLevel | 'fatal' | 'silent';

/** `json`: grantd's own; `text`: for people; `gcp`: Google Cloud Logging; `ecs`: Elastic Common Schema. */
export type LogFormat = 'json' | 'text' | 'gcp' | 'ecs';

const RANKS: Readonly<Record<LogThreshold, number>> = {
  trace: 0,
  debug: 1,
  info: 2,
  warn: 3,
  error: 4,
  fatal: 5,
  silent: 6,
};

export function isLogged(level: LogLevel, threshold: LogThreshold): boolean {
  return RANKS[level] >= RANKS[threshold];
}
