import { LEASE_LOST_TEXT, type WritePermit } from '../../../core/domain/run/lease.ts';
import type { Clock } from '../../../core/domain/run/ports.ts';
import type { ApiError } from '../../../core/domain/text/error.ts';
import { type Proxies, proxyFor } from '../../../platform/http/proxies.ts';
import { sendOnce } from '../../../platform/http/send-once.ts';
import {
  type ApiAnswer,
  answerFailure,
  noAnswerFailure,
  type RequestEnd,
  type Sent,
  stoppedFailure,
  unsentFailure,
} from '../failure.ts';
import type { ApiRequest } from '../wire/routes.ts';
import { isLimitReached, retryAfterOf } from './answer-headers.ts';
import { type Limiter, LimiterFull, type Slot } from './limiter.ts';
import { CONNECT_MAX_MS, MAILTRAP_LIMITS, RATE_WINDOW_MS } from './limits.ts';
import type { RequestObserver } from './request-event.ts';
import { decideRetry, type RetryDecision, type TryFailure } from './retry-decision.ts';

export interface RequesterOptions {
  readonly baseUrl: URL;
  readonly authHeader: 'bearer' | 'api-token';
  readonly userAgent: string;
  readonly requestTimeoutMs: number;
  readonly triesMax: number;
  readonly limiter: Limiter;
  readonly clock: Clock;
  readonly random: () => number;
  readonly proxies: Proxies;
  readonly onRequest: RequestObserver | null;
}

/** A success, and the request that an error names if the answer cannot be read. */
export interface Answered {
  readonly answer: ApiAnswer;
  readonly sent: Sent;
}

/** A request of one caller, with the token that it is sent with. */
export interface MailtrapCall {
  readonly request: ApiRequest;
  readonly token: string;
  readonly signal: AbortSignal;
  /** Asked right before a write is sent. Without one, the request may always be sent. */
  readonly permit?: WritePermit;
}

/** Sends requests within the rate limit, and again as often as is safe. Throws `ApiError` only. */
export class Requester {
  readonly #options: RequesterOptions;

  constructor(options: RequesterOptions) {
    this.#options = options;
  }

  async send(call: MailtrapCall): Promise<Answered> {
    const secrets = [call.token];
    if (!/^[\x21-\x7e]+$/.test(call.token)) {
      const why = 'the token is empty or contains a space, a line break or another character that no token has';
      throw unsentFailure({ request: call.request, tries: 0, secrets }, 'api-unauthorized', why);
    }
    for (let tries = 1; ; tries += 1) {
      const sent: Sent = { request: call.request, tries, secrets };
      const end = await this.#try(call, sent);
      if ('answer' in end) return { answer: end.answer, sent };
      if (end.retry === null) throw end.error;
      await this.#sleep(end.retry.waitMs, call, sent);
    }
  }

  async #try(
    call: MailtrapCall,
    sent: Sent,
  ): Promise<{ answer: ApiAnswer } | { error: ApiError; retry: RetryDecision }> {
    const { clock } = this.#options;
    const enteredAt = performance.now();
    const slot = await this.#enter(call, sent);
    const sentAt = performance.now();
    const { end, timeoutMs } = await this.#sendOnce(call, sent, slot);
    const failure = toTryFailure(end, clock.now());
    const retry = failure === null ? null : this.#decide(call, failure, sent.tries);
    this.#observe(sent, end, { retry, waitedMs: sentAt - enteredAt, durationMs: performance.now() - sentAt });
    const { baseUrl, proxies } = this.#options;
    const proxy = proxyFor(baseUrl, proxies);
    if (end.kind !== 'answer') return { error: noAnswerFailure(sent, end, { timeoutMs, proxy }), retry };
    return isSuccess(end) ? { answer: end } : { error: answerFailure(sent, end), retry };
  }

  async #enter({ signal }: MailtrapCall, sent: Sent): Promise<Slot> {
    const unsent = { ...sent, tries: sent.tries - 1 };
    try {
      return await this.#options.limiter.enter(signal);
    } catch (error) {
      if (error instanceof LimiterFull) throw unsentFailure(unsent, 'api-rate-limited', error.message);
      throw stoppedFailure(unsent, false);
    }
  }

  /** `timeoutMs` is how long the request was given. A write may not outlast its permit. */
  async #sendOnce(call: MailtrapCall, sent: Sent, slot: Slot): Promise<{ end: RequestEnd; timeoutMs: number }> {
    const { requestTimeoutMs, proxies } = this.#options;
    try {
      const permittedMs = permittedMsOf(call);
      if (permittedMs === null) throw notSent(sent);
      const timeoutMs = Math.min(requestTimeoutMs, permittedMs);
      const { url, ...outgoing } = this.#wired(call);
      const end = await sendOnce(url, outgoing, {
        signal: call.signal,
        timeoutMs,
        connectMs: CONNECT_MAX_MS,
        limits: MAILTRAP_LIMITS,
        proxies,
        // Asked again: a process that was frozen while the connection was made must not send a write.
        maySend: () => permittedMsOf(call) !== null,
      });
      if (end.kind === 'not-sent') throw notSent(sent);
      this.#pauseIfLimited(end);
      return { end, timeoutMs };
    } finally {
      slot.leave();
    }
  }

  /** Where a request is sent. */
  urlOf({ path, query = '' }: ApiRequest): URL {
    const { baseUrl } = this.#options;
    const url = new URL(baseUrl);
    url.pathname = `${baseUrl.pathname.replace(/\/+$/, '')}${path}`;
    url.search = query;
    return url;
  }

  #wired({ request, token }: MailtrapCall) {
    const { authHeader, userAgent } = this.#options;
    const url = this.urlOf(request);
    const headers = {
      accept: 'application/json',
      'user-agent': userAgent,
      ...(authHeader === 'bearer' ? { authorization: `Bearer ${token}` } : { 'api-token': token }),
      ...(request.body === null ? {} : { 'content-type': 'application/json' }),
    };
    const { method, body } = request;
    return { url, method, headers, body };
  }

  #decide({ request: { method } }: MailtrapCall, failure: TryFailure, tries: number): RetryDecision {
    const { triesMax, random } = this.#options;
    return decideRetry({ method, failure, tries, triesMax, random: random() });
  }

  /** A refusal of one request holds for all that share the token. */
  #pauseIfLimited(end: RequestEnd): void {
    if (end.kind !== 'answer') return;
    const { limiter, clock } = this.#options;
    if (end.status === 429) limiter.pause(retryAfterOf(end.headers, clock.now()) ?? RATE_WINDOW_MS);
    else if (isLimitReached(end.headers)) limiter.pause(RATE_WINDOW_MS);
  }

  #observe({ request, tries }: Sent, end: RequestEnd, took: Took): void {
    const { method, route } = request;
    const { retry, waitedMs, durationMs } = took;
    const status = 'status' in end ? end.status : null;
    try {
      this.#options.onRequest?.({ method, route, status, durationMs, tries, waitedMs, retry: retry?.reason ?? null });
    } catch {
      // A failing observer must not fail the request.
    }
  }

  async #sleep(durationMs: number, { signal }: MailtrapCall, sent: Sent): Promise<void> {
    try {
      await this.#options.clock.sleep(durationMs, signal);
    } catch {
      // Whatever was sent before was refused or never arrived; otherwise grantd would not send it again.
      throw stoppedFailure(sent, false);
    }
  }
}

interface Took {
  readonly retry: RetryDecision;
  readonly waitedMs: number;
  readonly durationMs: number;
}

function permittedMsOf({ permit }: MailtrapCall): number | null {
  return permit ? permit.writeMs() : Number.POSITIVE_INFINITY;
}

/** Whatever was sent before was refused; otherwise grantd would not send it again. */
function notSent(sent: Sent): ApiError {
  return unsentFailure({ ...sent, tries: sent.tries - 1 }, 'lease-lost', LEASE_LOST_TEXT);
}

function isSuccess({ status }: ApiAnswer): boolean {
  return status >= 200 && status < 300;
}

/** Null for a success, and for a failure that another try would not change. */
function toTryFailure(end: RequestEnd, now: number): TryFailure | null {
  switch (end.kind) {
    case 'answer':
      if (isSuccess(end)) return null;
      return { kind: 'status', status: end.status, retryAfterMs: retryAfterOf(end.headers, now) };
    case 'timeout':
      return end.sent ? { kind: 'timeout' } : { kind: 'unreachable', sent: false };
    case 'unreachable':
      return { kind: 'unreachable', sent: end.sent };
    default:
      return null;
  }
}
