import { ApiError, type ErrorCode, type FailedRequest } from '../../core/domain/text/error.ts';
import { unaskedEncoding } from '../../platform/http/answer.ts';
import { isProxyUnreachable, type ProxyServer } from '../../platform/http/proxies.ts';
import type { SendEnd } from '../../platform/http/send-once.ts';
import { codeForStatus, remedyFor } from './remedy.ts';
import { requestIdOf } from './transport/answer-headers.ts';
import { MAILTRAP_LIMITS, MEMORY_HINT } from './transport/limits.ts';
import { mayHaveActed } from './transport/retry-decision.ts';
import { apiMessage } from './wire/api-message.ts';
import type { ApiRequest } from './wire/routes.ts';
import { rootText, safeText, toSafeCause } from './wire/safe-text.ts';

/** A request as far as it got, and what no error about it may contain. */
export interface Sent {
  readonly request: ApiRequest;
  readonly tries: number;
  readonly secrets: readonly string[];
}

/** How a request ended that was allowed to be sent. */
export type RequestEnd = Exclude<SendEnd, { kind: 'not-sent' }>;

export type ApiAnswer = Extract<RequestEnd, { kind: 'answer' }>;

/** The error for an answer that is not a success. */
export function answerFailure(sent: Sent, answer: ApiAnswer): ApiError {
  const { status, headers, body } = answer;
  const requestId = requestIdOf(headers, sent.secrets);
  if (status < 400) return redirectFailure(sent, status, { requestId, location: headers.get('location') });
  const code = codeForStatus(status);
  const said = apiMessage(body.toString('utf8'), sent.secrets);
  const what = `answered ${status}${said === '' ? ' without a message' : `: ${said}`}`;
  const takesEffect = mayHaveActed({ kind: 'status', status, retryAfterMs: null });
  return toApiError(code, sent, { what, said, status, requestId, takesEffect });
}

/** The error for a success that grantd cannot decode. It decodes reads only, so nothing took effect. */
export function malformedFailure(sent: Sent, answer: ApiAnswer, misfit: string): ApiError {
  const { status, headers } = answer;
  const encoding = unaskedEncoding(headers);
  const why = encoding === null ? misfit : `its encoding is ${encoding}, which grantd does not ask for`;
  const what = `answered ${status}, which grantd cannot read: ${safeText(why, sent.secrets, 400)}`;
  const requestId = requestIdOf(headers, sent.secrets);
  return toApiError('api-malformed', sent, { what, status, requestId, takesEffect: false });
}

/** How a request was sent: `timeoutMs` is how long it was given, and `proxy` is null if it went directly. */
export interface SentBy {
  readonly timeoutMs: number;
  readonly proxy: ProxyServer | null;
}

/** The error of a request that got no whole answer. */
export function noAnswerFailure(
  sent: Sent,
  end: Exclude<RequestEnd, ApiAnswer>,
  { timeoutMs, proxy }: SentBy,
): ApiError {
  switch (end.kind) {
    case 'too-large': {
      const what = `answered ${end.status} with more than ${Math.floor(MAILTRAP_LIMITS.bodyBytesMax / 2 ** 20)} MiB${MEMORY_HINT}`;
      const requestId = requestIdOf(end.headers, sent.secrets);
      return toApiError('api-malformed', sent, { what, status: end.status, requestId, takesEffect: true });
    }
    case 'undecodable': {
      const why = `the body is not in the encoding that the answer names, ${safeText(end.encoding, sent.secrets, 40)}`;
      const what = `answered ${end.status}, which grantd cannot read: ${why}`;
      const requestId = requestIdOf(end.headers, sent.secrets);
      return toApiError('api-malformed', sent, { what, status: end.status, requestId, takesEffect: true });
    }
    case 'timeout':
      if (!end.sent) {
        const what = `could not be sent: no connection in time${proxy === null ? '' : ` through ${proxyText(proxy)}`}`;
        return toApiError('api-unreachable', sent, { what, takesEffect: false });
      }
      return toApiError('api-timeout', sent, { what: `got no complete answer in ${timeoutMs} ms`, takesEffect: true });
    case 'stopped':
      return stoppedFailure(sent, end.sent);
    case 'unreachable': {
      const cause = toSafeCause(end.cause, sent.secrets);
      const why = cause ? rootText(cause) : 'unknown';
      const isProxy = proxy !== null && !end.sent && isProxyUnreachable(end.cause);
      const where = isProxy ? `${proxyText(proxy)} is unreachable: ` : '';
      const what = end.sent ? `broke off: ${why}` : `could not be sent: ${where}${why}`;
      return toApiError('api-unreachable', sent, { what, takesEffect: end.sent, cause });
    }
  }
}

/** Only the host: the address may contain a password. */
function proxyText({ url, variable }: ProxyServer): string {
  return `the proxy ${url.host} of ${variable}`;
}

/** The error of a request that was cancelled. `wasSent`: whether the API may have received it. */
export function stoppedFailure(sent: Sent, wasSent: boolean): ApiError {
  const what = wasSent ? 'was cancelled while it ran' : 'was cancelled before it was sent';
  return toApiError('stopped', sent, { what, takesEffect: wasSent });
}

/** The error of a request that was never sent, for a reason on this side. */
export function unsentFailure(sent: Sent, code: ErrorCode, why: string): ApiError {
  return toApiError(code, sent, { what: `was not sent: ${why}`, takesEffect: false });
}

function redirectFailure(
  sent: Sent,
  status: number,
  found: { requestId: string | null; location: string | null },
): ApiError {
  const { requestId, location } = found;
  // A query may contain anything, a session included.
  const target = location === null ? '' : ` to ${safeText(location.replace(/[?#].*$/s, ''), sent.secrets, 120)}`;
  return toApiError('api-redirect', sent, {
    what: `was redirected (${status})${target}`,
    status,
    requestId,
    takesEffect: true,
  });
}

interface What {
  readonly what: string;
  readonly takesEffect: boolean;
  readonly said?: string;
  readonly status?: number;
  readonly requestId?: string | null;
  readonly cause?: Error | undefined;
}

function toApiError(code: ErrorCode, { request, tries }: Sent, found: What): ApiError {
  const { method, path } = request;
  const { what, takesEffect, said = '', status = null, requestId = null, cause } = found;
  const failed: FailedRequest = { method, path, status, requestId, tries };
  const mayHaveTakenEffect = method === 'PUT' && takesEffect;
  const times = tries > 1 ? ` (${tries} tries)` : '';
  const message = `${method} ${path} ${what}${times}`;
  return new ApiError(code, message, remedyFor(code, request, said), { ...failed, mayHaveTakenEffect }, cause);
}
