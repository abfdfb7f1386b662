import { ApiError, GrantdError } from '../../core/domain/text/error.ts';
import type { LogFields } from './fields.ts';

const FRAMES_MOST = 10;
const NAME = /^[A-Za-z]{1,50}$/;
/** A line of a stack: only where, and no values. */
const FRAME = /^ {4}at [^\n]*:\d+:\d+\)?$/;

/**
 * What a line says of an error. Of one that grantd throws on purpose: its code, sentence and remedy. Of any other one, also
 * as the cause of an internal error: its name and where it came from, never its message, which may contain anything.
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof GrantdError)) return { ...unknownFields(error) };
  const { code, message, remedy } = error;
  const request = error instanceof ApiError ? error.request : null;
  const fields = {
    code,
    message,
    remedy,
    status: request?.status ?? null,
    requestId: request?.requestId ?? null,
  };
  return code === 'fault' && error.cause !== undefined ? { ...fields, cause: unknownFields(error.cause) } : fields;
}

function unknownFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { name: typeof error, frames: [] };
  return { name: NAME.test(error.name) ? error.name : 'Error', frames: framesOf(error) };
}

/** A message may have several lines and look like a stack, so it is removed whole. If it is not found, there are no frames. */
function framesOf({ stack = '', message }: Error): readonly string[] {
  const end = stack.indexOf(message);
  if (end < 0) return [];
  const lines = stack.slice(end + message.length).split('\n');
  return lines
    .filter((line) => FRAME.test(line))
    .slice(0, FRAMES_MOST)
    .map((line) => line.trim());
}
