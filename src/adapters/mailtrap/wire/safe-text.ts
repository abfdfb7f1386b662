import { visibleText } from '../../../core/domain/text/text.ts';

/** How much of a text is examined; the rest is dropped. */
const EXAMINED_CHARACTERS_MAX = 4096;
const HIDDEN = '[hidden]';

/** A long run with a digit, or in hex, may be a secret: an answer can contain tokens of others. */
const LONG_RUN = /[A-Za-z0-9_-]{20,}/g;

/** The value of a key that names a secret, complete or cut off. */
const SECRET_FIELD = /("[^"]*(?:token|secret|password)[^"]*"\s*:\s*")[^"]+/gi;

/**
 * Makes the text of another program safe for an error: one line, without `secrets` and whatever looks like one, with
 * characters that nobody sees escaped, and cut at `charactersMax`.
 */
export function safeText(text: string, secrets: readonly string[], charactersMax: number): string {
  const start = withoutCutWord(text);
  const known = secrets.filter((secret) => secret !== '').reduce(hide, start);
  const scrubbed = known
    .replace(SECRET_FIELD, `$1${HIDDEN}`)
    .replace(LONG_RUN, (run) => (/\d|^[a-f]+$/i.test(run) ? HIDDEN : run));
  const line = visibleText(scrubbed.replace(/\s+/g, ' ').trim());
  const characters = [...line];
  return characters.length > charactersMax ? `${characters.slice(0, charactersMax).join('')}…` : line;
}

/** Drops a word that the cut would split, because half of a secret is not recognised. */
function withoutCutWord(text: string): string {
  return text.length > EXAMINED_CHARACTERS_MAX
    ? text.slice(0, EXAMINED_CHARACTERS_MAX).replace(/[\w+/=%-]*$/, '')
    : text;
}

function hide(text: string, secret: string): string {
  const spellings = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
  return spellings.reduce((left, spelling) => left.replaceAll(spelling, HIDDEN), text);
}

/** How many causes below an error are copied. */
const CAUSES_MAX = 4;
const CAUSE_CHARACTERS_MAX = 200;

/** Name, code and safe message of an error of the platform. The rest is left out, since some errors repeat headers. */
export class SafeCause extends Error {
  readonly code: string | undefined;

  constructor(name: string, message: string, code: string | undefined, cause: SafeCause | undefined) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = name;
    this.code = code;
  }
}

/** Copies an error and its causes, without secrets. Of several that failed together, it copies the first. */
export function toSafeCause(error: unknown, secrets: readonly string[], depth = 1): SafeCause | undefined {
  if (!(error instanceof Error) || depth > CAUSES_MAX) return undefined;
  const next = error instanceof AggregateError ? error.errors[0] : error.cause;
  const code =
    'code' in error && typeof error.code === 'string' ? safeText(error.code, secrets, CAUSE_CHARACTERS_MAX) : undefined;
  const message = safeText(error.message, secrets, CAUSE_CHARACTERS_MAX);
  return new SafeCause(error.name, message, code, toSafeCause(next, secrets, depth + 1));
}

/** The innermost cause, as `CODE: message`. */
export function rootText(cause: SafeCause): string {
  let root = cause;
  while (root.cause instanceof SafeCause) root = root.cause;
  const { code, message } = root;
  return code === undefined || message.includes(code) ? message || root.name : `${code}: ${message}`;
}
