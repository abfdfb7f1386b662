import { type Logger, pino } from 'pino';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { LogDestination } from './destination.ts';
import type { LogFields } from './fields.ts';
import type { LogFormat, LogLevel } from './level.ts';

/** The version of the Elastic Common Schema whose names grantd uses. */
const ECS_VERSION = '8.11.0';

/** Keys whose values are never written, if a caller ever passes one: the scrubber knows secrets, these know their places. */
const SECRET_KEYS = ['token', 'secret', 'password', 'authorization', 'apiToken', 'webhookUrl', 'headers', 'body'];

interface Layout {
  readonly levelKey: string;
  readonly timeKey: string;
  readonly messageKey: string;
  readonly levelWord: (level: string) => string;
  /** Where the kind of the event and its fields go. */
  readonly place: (event: string, fields: LogFields) => LogFields;
}

const SEVERITIES: Readonly<Record<string, string>> = { warn: 'WARNING' };

const LAYOUTS: Readonly<Record<Exclude<LogFormat, 'text'>, Layout>> = {
  json: {
    levelKey: 'level',
    timeKey: 'time',
    messageKey: 'msg',
    levelWord: (level) => level,
    place: (event, fields) => ({ event, ...fields }),
  },
  gcp: {
    levelKey: 'severity',
    timeKey: 'time',
    messageKey: 'message',
    levelWord: (level) => SEVERITIES[level] ?? level.toUpperCase(),
    place: (event, fields) => ({ event, ...fields }),
  },
  ecs: {
    levelKey: 'log.level',
    timeKey: '@timestamp',
    messageKey: 'message',
    levelWord: (level) => level,
    place: (event, fields) => ({
      'ecs.version': ECS_VERSION,
      'event.action': event,
      ...ecsError(fields['err']),
      grantd: fields,
    }),
  },
};

function ecsError(err: LogFields[string] | undefined): LogFields {
  if (typeof err !== 'object' || err === null || !('code' in err)) return {};
  return { 'error.code': err['code'] ?? null, 'error.message': err['message'] ?? null };
}

export interface JsonLinesOptions {
  readonly format: Exclude<LogFormat, 'text'>;
  readonly destination: LogDestination;
  readonly scrub: (text: string) => string;
  readonly now: () => Instant;
}

export type WriteLine = (level: LogLevel, event: string, message: string, fields: LogFields) => void;

/** Writes one JSON object on each line. */
export function createJsonLines({ format, destination, scrub, now }: JsonLinesOptions): WriteLine {
  const { levelKey, timeKey, messageKey, levelWord, place } = LAYOUTS[format];
  const logger: Logger = pino(
    {
      level: 'trace',
      base: null,
      messageKey,
      timestamp: () => `,"${timeKey}":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ [levelKey]: levelWord(label) }) },
      // The serializer of pino would treat these fields as an error, and add a stack.
      serializers: { err: (err: unknown) => err },
      redact: { paths: SECRET_KEYS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '(secret)' },
      hooks: { streamWrite: scrub },
    },
    destination,
  );
  return (level, event, message, fields) => logger[level](place(event, fields), message);
}
