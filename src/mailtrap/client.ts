import type { WritePermit } from '../domain/lease.ts';
import type { AccountReader, AccountWriter, Clock, Reading, RowWrite, WriteReceipt } from '../domain/ports.ts';
import { judgeAccounts } from './account-check.ts';
import { requestIdOf, serverTimeOf } from './answer-headers.ts';
import { DEFAULT_API_URL, toBaseUrl } from './base-url.ts';
import { decodeAccesses } from './decode-accesses.ts';
import { decodeAccounts } from './decode-accounts.ts';
import { decodeApiTokens } from './decode-api-tokens.ts';
import { decodeResources } from './decode-resources.ts';
import { encodeRows } from './encode-rows.ts';
import { malformedFailure, stoppedFailure } from './failure.ts';
import type { Limiter } from './limiter.ts';
import { OncePerToken } from './once-per-token.ts';
import { parseBody } from './parse-body.ts';
import { type Environment, pickFetch, toProxies } from './pick-fetch.ts';
import type { RequestObserver } from './request-event.ts';
import { type Call, Requester } from './requester.ts';
import type { ApiPaths } from './resource-types.ts';
import { type ApiRequest, type Routes, toRoutes } from './routes.ts';
import { Misfit } from './shape.ts';

export interface MailtrapOptions {
  readonly account: number;
  /** https, or http on loopback. Default: https://mailtrap.io. */
  readonly apiUrl?: string;
  /** Which generation of paths and type names. Default: account, the contract. */
  readonly paths?: ApiPaths;
  /** How the token is sent: one way, never both (contract). Default: bearer. */
  readonly authHeader?: 'bearer' | 'api-token';
  /** The token as it is now. Asked before every request, so that a rotated one is used at once. */
  readonly token: () => string;
  /** For one try, its body included. Default: 30 s. */
  readonly requestTimeoutMs?: number;
  /** How often one request is sent at most. Default: 4. */
  readonly triesMax?: number;
  /** Shared by all clients of one token. */
  readonly limiter: Limiter;
  readonly clock: Clock;
  /** 0 up to 1, for the jitter of waits. */
  readonly random: () => number;
  /** Stands in the User-Agent. */
  readonly version: string;
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are looked up. Default: none, so no proxy. */
  readonly environment?: Environment;
  readonly onRequest?: RequestObserver;
}

/** The ports of one account, over Mailtrap's API. Throws `TypeError` for an address that a token must not be sent to. */
export function createMailtrapClient(options: MailtrapOptions): AccountReader & AccountWriter {
  return new MailtrapClient(options);
}

/**
 * Nothing is read or written with a token that was not confirmed first: with paths that imply the account, a token of
 * another account would otherwise read, and write, that one.
 */
class MailtrapClient implements AccountReader, AccountWriter {
  readonly #account: number;
  readonly #paths: ApiPaths;
  readonly #token: () => string;
  readonly #routes: Routes;
  readonly #requester: Requester;
  readonly #confirmed: OncePerToken;

  constructor(options: MailtrapOptions) {
    const { account, paths = 'account', token, version, environment = {}, onRequest = null } = options;
    if (!Number.isSafeInteger(account)) throw new RangeError(`${account} is no account id`);
    const baseUrl = toBaseUrl(options.apiUrl ?? DEFAULT_API_URL);
    const proxies = toProxies(environment);
    this.#account = account;
    this.#paths = paths;
    this.#token = token;
    this.#routes = toRoutes(account, paths);
    this.#requester = new Requester({
      baseUrl,
      authHeader: options.authHeader ?? 'bearer',
      userAgent: `grantd/${version}`,
      requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
      triesMax: options.triesMax ?? 4,
      limiter: options.limiter,
      clock: options.clock,
      random: options.random,
      pickFetch: () => pickFetch(baseUrl, proxies),
      onRequest,
    });
    this.#confirmed = new OncePerToken({
      ask: (token, signal) => this.#confirm(token, signal),
      stopped: () => stoppedFailure({ request: this.#routes.accounts(), tries: 0, secrets: [] }, false),
    });
  }

  async confirmAccount(signal: AbortSignal): Promise<void> {
    await this.#confirmedToken(signal);
  }

  readResources(signal: AbortSignal) {
    return this.#readConfirmed(this.#routes.resources(), signal, decodeResources);
  }

  readAccesses(signal: AbortSignal) {
    return this.#readConfirmed(this.#routes.accesses(), signal, decodeAccesses);
  }

  readApiTokens(signal: AbortSignal) {
    return this.#readConfirmed(this.#routes.apiTokens(), signal, decodeApiTokens);
  }

  async writeRows(
    access: number,
    rows: readonly RowWrite[],
    signal: AbortSignal,
    permit?: WritePermit,
  ): Promise<WriteReceipt> {
    if (!Number.isSafeInteger(access)) throw new RangeError(`${access} is no account access id`);
    const request = this.#routes.bulk(access, encodeRows(rows, this.#paths));
    const token = await this.#confirmedToken(signal);
    const { answer, sent } = await this.#requester.send({ request, token, signal, ...(permit ? { permit } : {}) });
    return { status: answer.status, requestId: requestIdOf(answer.headers, sent.secrets) };
  }

  async #confirmedToken(signal: AbortSignal): Promise<string> {
    const token = this.#token();
    await this.#confirmed.ensure(token, signal);
    return token;
  }

  async #confirm(token: string, signal: AbortSignal): Promise<void> {
    const { value } = await this.#read({ request: this.#routes.accounts(), token, signal }, decodeAccounts);
    const wrong = judgeAccounts(this.#account, value, { paths: this.#paths, secrets: [token] });
    if (wrong) throw wrong;
  }

  async #readConfirmed<T>(request: ApiRequest, signal: AbortSignal, decode: Decode<T>): Promise<Reading<T>> {
    return this.#read({ request, token: await this.#confirmedToken(signal), signal }, decode);
  }

  async #read<T>(call: Call, decode: Decode<T>): Promise<Reading<T>> {
    const { answer, sent } = await this.#requester.send(call);
    try {
      const value = decode(parseBody(answer.body, sent.secrets), call.token);
      return { value, serverTime: serverTimeOf(answer.headers) };
    } catch (error) {
      if (error instanceof Misfit) throw malformedFailure(sent, answer, error.message);
      throw error;
    }
  }
}

type Decode<T> = (body: unknown, callingToken: string) => T;
