import type { Clock } from '../../../core/domain/run/ports.ts';
import { type ProxyEnvironment, readProxies } from '../../../platform/http/proxies.ts';
import { DEFAULT_API_URL, toBaseUrl } from './base-url.ts';
import type { Limiter } from './limiter.ts';
import type { RequestObserver } from './request-event.ts';
import { Requester } from './requester.ts';

/** How requests to Mailtrap are sent, for any account. */
export interface RequestOptions {
  /** https, or http on loopback. Default: https://mailtrap.io. */
  readonly apiUrl?: string;
  /** How the token is sent: one way, never both (contract). Default: bearer. */
  readonly authHeader?: 'bearer' | 'api-token';
  /** Returns the current token. Called before every request, so that a rotated token is used at once. */
  readonly token: () => string;
  /** For one try, its body included. Default: 30 s. */
  readonly requestTimeoutMs?: number;
  /** How often grantd sends one request at most. Default: 4. */
  readonly triesMax?: number;
  /** Shared by all clients of one token. */
  readonly limiter: Limiter;
  readonly clock: Clock;
  /** 0 up to 1, for the jitter of waits. */
  readonly random: () => number;
  /** Of grantd, for the User-Agent. */
  readonly version: string;
  /** Where HTTPS_PROXY, HTTP_PROXY and NO_PROXY are looked up. Default: none, so no proxy. */
  readonly environment?: ProxyEnvironment;
  readonly onRequest?: RequestObserver;
}

/** Throws `TypeError` for an address that a token must not be sent to, and `ProxyProblem` for a proxy of the environment. */
export function makeRequester(options: RequestOptions): Requester {
  const baseUrl = toBaseUrl(options.apiUrl ?? DEFAULT_API_URL);
  return new Requester({
    baseUrl,
    authHeader: options.authHeader ?? 'bearer',
    userAgent: `grantd/${options.version}`,
    requestTimeoutMs: options.requestTimeoutMs ?? 30_000,
    triesMax: options.triesMax ?? 4,
    limiter: options.limiter,
    clock: options.clock,
    random: options.random,
    proxies: readProxies(options.environment ?? {}),
    onRequest: options.onRequest ?? null,
  });
}
