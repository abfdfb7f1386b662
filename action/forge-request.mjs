// @ts-check
import { setDefaultAutoSelectFamilyAttemptTimeout } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

const TIMEOUT_MS = 30_000;
/** Node gives each address of a name 250 ms, which is less than a handshake to another continent takes. */
setDefaultAutoSelectFamilyAttemptTimeout(TIMEOUT_MS / 6);

const TRIES_MOST = 3;
const WAIT_MOST_MS = 30_000;

/** An answer of a forge that is no success. */
export class ForgeError extends Error {
  /**
   * @param {string} message
   * @param {number} status 0 where there was no answer
   */
  constructor(message, status) {
    super(message);
    this.name = 'ForgeError';
    this.status = status;
  }
}

/**
 * @typedef {object} ForgeCall
 * @property {'GET' | 'POST' | 'PATCH' | 'PUT'} method
 * @property {string} url
 * @property {Readonly<Record<string, string>>} headers
 * @property {unknown} [body]
 */

/**
 * One call of a forge's API. What may be repeated is repeated; a POST is not, since it may have taken effect, and the next
 * run finds what it made. The token goes to this address and no other: a redirect is an error.
 * @param {ForgeCall} call
 * @returns {Promise<any>}
 */
export async function callForge(call) {
  for (let attempt = 1; ; attempt += 1) {
    const { answer, error } = await attemptCall(call);
    if (answer?.ok) return answer.status === 204 ? null : await answer.json();
    const mayRepeat = call.method !== 'POST' && (answer === null || isPassing(answer));
    if (!mayRepeat || attempt === TRIES_MOST) throw await failureOf(call, answer, error);
    await sleep(waitMs(answer, attempt));
  }
}

/** @param {ForgeCall} call */
async function attemptCall({ method, url, headers, body }) {
  requireSafe(url);
  try {
    const answer = await fetch(url, {
      method,
      headers: {
        'user-agent': 'grantd-action',
        ...headers,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { answer, error: null };
  } catch (error) {
    return { answer: null, error };
  }
}

/** @param {string} url */
function requireSafe(url) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  const isLoopback = parsed !== null && ['127.0.0.1', '[::1]', 'localhost'].includes(parsed.hostname);
  if (parsed?.protocol === 'https:' || (parsed?.protocol === 'http:' && isLoopback)) return;
  throw new ForgeError(`${url} is no https address`, 0);
}

/** @param {Response} answer */
function isPassing({ status, headers }) {
  if (status === 429 || status >= 500) return true;
  return status === 403 && (headers.has('retry-after') || headers.get('x-ratelimit-remaining') === '0');
}

/**
 * @param {Response | null} answer
 * @param {number} attempt
 */
function waitMs(answer, attempt) {
  const asked = Number(answer?.headers.get('retry-after') ?? Number.NaN) * 1000;
  return Number.isFinite(asked) ? Math.min(Math.max(asked, 0), WAIT_MOST_MS) : 1000 * attempt;
}

/**
 * @param {ForgeCall} call
 * @param {Response | null} answer
 * @param {unknown} error
 */
async function failureOf({ method, url }, answer, error) {
  const { pathname } = new URL(url);
  if (answer === null) return new ForgeError(`${method} ${pathname}: no answer (${causeOf(error)})`, 0);
  const text = await answer.text().catch(() => '');
  return new ForgeError(`${method} ${pathname}: ${answer.status} ${text.slice(0, 300)}`, answer.status);
}

/** @param {unknown} error */
function causeOf(error) {
  if (!(error instanceof Error)) return 'unknown';
  return error.cause instanceof Error ? error.cause.message : error.message;
}
