import { safeText } from './safe-text.ts';

const DEPTH_MAX = 4;
const TEXT_MAX = 200;

/** An error of the platform with nothing left of it but name, code and a safe message: headers stand in some messages. */
export class SafeCause extends Error {
  readonly code: string | undefined;

  constructor(name: string, message: string, code: string | undefined, cause: SafeCause | undefined) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
    this.code = code;
  }
}

/** Copies an error and its causes, without secrets. Of several that failed together the first one tells enough. */
export function toSafeCause(error: unknown, secrets: readonly string[], depth = 1): SafeCause | undefined {
  if (!(error instanceof Error) || depth > DEPTH_MAX) return undefined;
  const next = error instanceof AggregateError ? error.errors[0] : error.cause;
  const code = 'code' in error && typeof error.code === 'string' ? safeText(error.code, secrets, TEXT_MAX) : undefined;
  const message = safeText(error.message, secrets, TEXT_MAX);
  return new SafeCause(error.name, message, code, toSafeCause(next, secrets, depth + 1));
}

/** What lies at the bottom of a failure, as `CODE: message`. */
export function rootText(cause: SafeCause): string {
  let root = cause;
  while (root.cause instanceof SafeCause) root = root.cause;
  const { code, message } = root;
  return code === undefined || message.includes(code) ? message || root.name : `${code}: ${message}`;
}
