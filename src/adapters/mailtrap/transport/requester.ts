import { LEASE_LOST_TEXT, type WritePermit } from '../../../core/domain/run/lease.ts';
import type { Clock } from '../../../core/domain/run/ports.ts';
import type { ApiError } from '../../../core/domain/text/error.ts';
import { answerFailure, noAnswerFailure, type Sent, stoppedFailure, unsentFailure } from '../failure.ts';
import type { ApiRequest } from '../wire/routes.ts';
import { isLimitReached, retryAfterOf } from './answer-headers.ts';
import { type Exchange, exchange } from './exchange.ts';
import { type Limiter, LimiterFull, type Slot } from './limiter.ts';
import { RATE_WINDOW_MS } from './limits.ts';
import type { RequestObserver } from './request-event.ts';
import { decideRetry, type RetryDecision, type TryFailure } from './retry-decision.ts';
import type { Send } from './send.ts';

export interface RequesterOptions {
  readonly baseUrl: URL;
  readonly authHeader: 'bearer' | 'api-token';
  readonly userAgent: string;
  readonly requestTimeoutMs: number;
  readonly triesMax: number;
  readonly limiter: Limiter;
  readonly clock: Clock;
  readonly random: () => number;
  readonly pickSend: () => Promise<Send>;
  readonly onRequest: RequestObserver | null;
}

export type Answer = Extract<Exchange, { kind: 'answer' }>;

/** A success, with what is needed to tell of it should it prove unreadable. */
export interface Answered {
  readonly answer: Answer;
  readonly sent: Sent;
}

/** A request of one caller: who may call it off, and in whose name it is sent. */
export interface Call {
  readonly request: ApiRequest;
  readonly token: string;
  readonly signal: AbortSignal;
  /** Without one it may always be sent. */
  readonly permit?: WritePermit;
}

/** Sends requests one try after another, as often as is safe, within the rate limit. Throws `ApiError` only. */
export class Requester {
  readonly #options: RequesterOptions;
  #send: Promise<Send> | null = null;

  constructor(options: RequesterOptions) {
    this.#options = options;
  }

  async send(call: Call): Promise<Answered> {
    const secrets = [call.token];
    if (!/^[\x21-\x7e]+$/.test(call.token)) {
      const why = 'the token is empty or holds a space, a line break or another character that no token has';
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

  async #try(call: Call, sent: Sent): Promise<{ answer: Answer } | { error: ApiError; retry: RetryDecision }> {
    const { clock } = this.#options;
    const enteredAt = performance.now();
    const slot = await this.#enter(call, sent);
    const sentAt = performance.now();
    const { end, timeoutMs } = await this.#exchange(call, sent, slot);
    const failure = toTryFailure(end, clock.now());
    const retry = failure === null ? null : this.#decide(call, failure, sent.tries);
    this.#observe(sent, end, { retry, waitedMs: sentAt - enteredAt, durationMs: performance.now() - sentAt });
    if (end.kind !== 'answer') return { error: noAnswerFailure(sent, end, timeoutMs), retry };
    return isSuccess(end) ? { answer: end } : { error: answerFailure(sent, end), retry };
  }

  async #enter({ signal }: Call, sent: Sent): Promise<Slot> {
    const unsent = { ...sent, tries: sent.tries - 1 };
    try {
      return await this.#options.limiter.enter(signal);
    } catch (error) {
      if (error instanceof LimiterFull) throw unsentFailure(unsent, 'api-rate-limited', error.message);
      throw stoppedFailure(unsent, false);
    }
  }

  /** `timeoutMs` is how long it was given: a write may not outlast its permit. */
  async #exchange(call: Call, sent: Sent, slot: Slot): Promise<{ end: Exchange; timeoutMs: number }> {
    try {
      this.#send ??= this.#options.pickSend();
      const send = await this.#send;
      const { url, ...init } = this.#wired(call);
      // Nothing may be waited for between this and the request: a process that was frozen meanwhile must not send it.
      const permittedMs = permittedMsOf(call);
      if (permittedMs === null) throw heldBack(sent);
      const timeoutMs = Math.min(this.#options.requestTimeoutMs, permittedMs);
      const mayLeave = () => permittedMsOf(call) !== null;
      const end = await exchange(url, init, { send, timeoutMs, signal: call.signal, mayLeave });
      if (end.kind === 'held-back') throw heldBack(sent);
      this.#pauseIfLimited(end);
      return { end, timeoutMs };
    } finally {
      slot.leave();
    }
  }

  #wired({ request, token }: Call) {
    const { baseUrl, authHeader, userAgent } = this.#options;
    const url = new URL(baseUrl);
    url.pathname = `${baseUrl.pathname.replace(/\/+$/, '')}${request.path}`;
    const headers = {
      accept: 'application/json',
      'user-agent': userAgent,
      ...(authHeader === 'bearer' ? { authorization: `Bearer ${token}` } : { 'api-token': token }),
      ...(request.body === null ? {} : { 'content-type': 'application/json' }),
    };
    const { method, body } = request;
    return { url, method, headers, body };
  }

  #decide({ request: { method } }: Call, failure: TryFailure, tries: number): RetryDecision {
    const { triesMax, random } = this.#options;
    return decideRetry({ method, failure, tries, triesMax, random: random() });
  }

  /** One request that is refused tells for all that share the token. */
  #pauseIfLimited(end: Exchange): void {
    if (end.kind !== 'answer') return;
    const { limiter, clock } = this.#options;
    if (end.status === 429) limiter.pause(retryAfterOf(end.headers, clock.now()) ?? RATE_WINDOW_MS);
    else if (isLimitReached(end.headers)) limiter.pause(RATE_WINDOW_MS);
  }

  #observe({ request, tries }: Sent, end: Exchange, took: Took): void {
    const { method, route } = request;
    const { retry, waitedMs, durationMs } = took;
    const status = 'status' in end ? end.status : null;
    try {
      this.#options.onRequest?.({ method, route, status, durationMs, tries, waitedMs, retry: retry?.reason ?? null });
    } catch {
      // An observer that fails says nothing about the request.
    }
  }

  async #sleep(durationMs: number, { signal }: Call, sent: Sent): Promise<void> {
    try {
      await this.#options.clock.sleep(durationMs, signal);
    } catch {
      // What was sent before was refused or never arrived, or it would not be sent again.
      throw stoppedFailure(sent, false);
    }
  }
}

interface Took {
  readonly retry: RetryDecision;
  readonly waitedMs: number;
  readonly durationMs: number;
}

function permittedMsOf({ permit }: Call): number | null {
  return permit ? permit.writeMs() : Number.POSITIVE_INFINITY;
}

/** What was sent before was refused, or it would not be sent again. */
function heldBack(sent: Sent): ApiError {
  return unsentFailure({ ...sent, tries: sent.tries - 1 }, 'lease-lost', LEASE_LOST_TEXT);
}

function isSuccess({ status }: Answer): boolean {
  return status >= 200 && status < 300;
}

/** Null for what is no failure of a kind that could be tried again. */
function toTryFailure(end: Exchange, now: number): TryFailure | null {
  switch (end.kind) {
    case 'answer':
      if (isSuccess(end)) return null;
      return { kind: 'status', status: end.status, retryAfterMs: retryAfterOf(end.headers, now) };
    case 'timeout':
      return { kind: 'timeout' };
    case 'unreachable':
      return { kind: 'unreachable', sent: end.sent };
    default:
      return null;
  }
}
