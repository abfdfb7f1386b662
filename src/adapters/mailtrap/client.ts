import type { WritePermit } from '../../core/domain/run/lease.ts';
import type { AccountReader, AccountWriter, RowWrite, TimedValue, WriteReceipt } from '../../core/domain/run/ports.ts';
import { GrantdError } from '../../core/domain/text/error.ts';
import { checkReachedAccounts } from './account-check.ts';
import { stoppedFailure } from './failure.ts';
import { requestIdOf, serverTimeOf } from './transport/answer-headers.ts';
import { makeRequester, type RequestOptions } from './transport/make-requester.ts';
import type { MailtrapCall, Requester } from './transport/requester.ts';
import { decodeAccesses } from './wire/decode-accesses.ts';
import { decodeAccounts } from './wire/decode-accounts.ts';
import { decodeApiTokens } from './wire/decode-api-tokens.ts';
import { decodeResources } from './wire/decode-resources.ts';
import { encodeRows } from './wire/encode-rows.ts';
import { type Decode, readAnswer } from './wire/read-answer.ts';
import type { ApiPaths, WireWords } from './wire/resource-types.ts';
import { type ApiRequest, type Routes, toRoutes } from './wire/routes.ts';

export interface MailtrapOptions extends RequestOptions {
  readonly account: number;
  /** Which generation of paths and type names. Default: account, the contract. */
  readonly paths?: ApiPaths;
}

/** The ports of one account, over Mailtrap's API. Throws `TypeError` for an address that a token must not be sent to. */
export function createMailtrapClient(options: MailtrapOptions): AccountReader & AccountWriter {
  return new MailtrapClient(options);
}

/**
 * Confirms the account of each token before it reads or writes with it. If the paths imply the account, a token of another
 * account would otherwise read and write that one.
 */
class MailtrapClient implements AccountReader, AccountWriter {
  readonly #account: number;
  readonly #paths: ApiPaths;
  readonly #token: () => string;
  readonly #routes: Routes;
  readonly #requester: Requester;
  readonly #confirmed: OncePerToken;
  /** The words for types in the last read of each list, by route. */
  readonly #words = new Map<string, WireWords>();

  constructor(options: MailtrapOptions) {
    const { account, paths = 'account', token } = options;
    if (!Number.isSafeInteger(account)) throw new RangeError(`${account} is no account id`);
    this.#account = account;
    this.#paths = paths;
    this.#token = token;
    this.#routes = toRoutes(account, paths);
    this.#requester = makeRequester(options);
    this.#confirmed = new OncePerToken({
      ask: (token, signal) => this.#confirm(token, signal),
      stopped: () => stoppedFailure({ request: this.#routes.accounts(), tries: 0, secrets: [] }, false),
    });
  }

  async confirmAccount(signal: AbortSignal): Promise<void> {
    await this.#confirmedToken(signal);
  }

  readResources(signal: AbortSignal) {
    return this.#readWords(this.#routes.resources(), signal, decodeResources);
  }

  readAccesses(signal: AbortSignal) {
    return this.#readWords(this.#routes.accesses(), signal, decodeAccesses);
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
    const request = this.#routes.bulk(access, encodeRows(rows, this.#paths, this.#wordsRead()));
    const token = await this.#confirmedToken(signal);
    const { answer, sent } = await this.#requester.send({ request, token, signal, ...(permit ? { permit } : {}) });
    const requestId = requestIdOf(answer.headers, sent.secrets);
    return { status: answer.status, requestId, serverTime: serverTimeOf(answer.headers) };
  }

  async #confirmedToken(signal: AbortSignal): Promise<string> {
    const token = this.#token();
    await this.#confirmed.ensure(token, signal);
    return token;
  }

  async #confirm(token: string, signal: AbortSignal): Promise<void> {
    const { value } = await this.#read({ request: this.#routes.accounts(), token, signal }, decodeAccounts);
    const wrong = checkReachedAccounts(this.#account, value, { paths: this.#paths, secrets: [token] });
    if (wrong) throw wrong;
  }

  /** A read whose words for types are those of the next write. */
  async #readWords<T>(request: ApiRequest, signal: AbortSignal, decode: DecodeWords<T>): Promise<TimedValue<T>> {
    const words: WireWords = new Set();
    const read = await this.#readConfirmed(request, signal, (body, token) => decode(body, token, words));
    this.#words.set(request.route, words);
    return read;
  }

  #wordsRead(): ReadonlySet<string> {
    return new Set([...this.#words.values()].flatMap((words) => [...words]));
  }

  async #readConfirmed<T>(request: ApiRequest, signal: AbortSignal, decode: Decode<T>): Promise<TimedValue<T>> {
    return this.#read({ request, token: await this.#confirmedToken(signal), signal }, decode);
  }

  #read<T>(call: MailtrapCall, decode: Decode<T>): Promise<TimedValue<T>> {
    return readAnswer(this.#requester, call, decode);
  }
}

type DecodeWords<T> = (body: unknown, callingToken: string, words: WireWords) => T;

interface TokenQuestion {
  readonly ask: (token: string, signal: AbortSignal) => Promise<void>;
  /** The error for a caller who is stopped while another one asks. */
  readonly stopped: () => GrantdError;
}

/** Asks a question once for each value of the token. Callers at the same time share one request; after a failure the next asks again. */
class OncePerToken {
  readonly #question: TokenQuestion;
  #token: string | null = null;
  #asking: Promise<void> | null = null;

  constructor(question: TokenQuestion) {
    this.#question = question;
  }

  /** Rejects as the question did, or with `stopped` if this caller's own signal aborts. */
  async ensure(token: string, signal: AbortSignal): Promise<void> {
    for (;;) {
      const shared = this.#token === token ? this.#asking : null;
      if (shared === null) return this.#start(token, signal);
      try {
        return await this.#untilAborted(shared, signal);
      } catch (error) {
        // If the caller who asked was stopped, another one asks.
        if (!isStopped(error) || signal.aborted) throw error;
      }
    }
  }

  #start(token: string, signal: AbortSignal): Promise<void> {
    const asking = this.#question.ask(token, signal).catch((error: unknown) => {
      if (this.#asking === asking) this.#asking = null;
      throw error;
    });
    this.#token = token;
    this.#asking = asking;
    return asking;
  }

  #untilAborted(shared: Promise<void>, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop = () => reject(this.#question.stopped());
      if (signal.aborted) stop();
      signal.addEventListener('abort', stop, { once: true });
      shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
    });
  }
}

function isStopped(error: unknown): boolean {
  return error instanceof GrantdError && error.code === 'stopped';
}
