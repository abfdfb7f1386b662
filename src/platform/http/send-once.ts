import { type ClientRequest, type IncomingMessage, type Agent as PlainAgent, request as requestPlain } from 'node:http';
import { type RequestOptions, request as requestSecure } from 'node:https';
import { ACCEPTED_ENCODINGS, type AnswerEnd, type BodyLimits, readResponse } from './answer.ts';
import { DirectPlainAgent, DirectSecureAgent, type GiveUpOption } from './direct-agents.ts';
import { type Proxies, type ProxyServer, proxyFor } from './proxies.ts';
import type { Tunnels } from './tunnel.ts';

/** One request, as it is to be sent once. */
export interface OutgoingRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** For everything, the body of the answer included; null if only the signal ends it. */
  readonly timeoutMs: number | null;
  /** For the making of the connection, if that is less. */
  readonly connectMs?: number;
  /** How much of the answer's body is read; null for nothing. */
  readonly limits: BodyLimits | null;
  /** Default: none, so every host is reached directly. */
  readonly proxies?: Proxies;
  /** The certificates that sign the server's, in PEM; null for those that Node knows. */
  readonly ca?: string | null;
  /**
   * Asked when the connection is ready and nothing of the request was sent. Before that, grantd looks up a name, opens a
   * tunnel and begins TLS. A process that was frozen meanwhile must not send when it wakes. Default: always.
   */
  readonly maySend?: () => boolean;
}

/** How a request that was sent once ended. `sent`: whether the other side may have received any of it. */
export type SendEnd =
  | AnswerEnd
  | { readonly kind: 'timeout'; readonly sent: boolean }
  | { readonly kind: 'stopped'; readonly sent: boolean }
  | { readonly kind: 'unreachable'; readonly sent: boolean; readonly cause: unknown }
  /** `maySend` refused it, so nothing was sent. */
  | { readonly kind: 'not-sent' };

/** grantd closes an idle connection before any server that it is known to talk to would. */
const IDLE_MS = 4_000;
const POOL = { keepAlive: true, timeout: IDLE_MS } as const;
const PLAIN = new DirectPlainAgent(POOL);
const SECURE = new DirectSecureAgent(POOL);

/** The pools of each proxy, for as long as a client still uses it. */
const TUNNELS = new WeakMap<ProxyServer, Promise<Tunnels>>();

/**
 * Sends one request once, over a connection of this process or through a proxy, and reads its answer. Never rejects: every
 * end is a value. Redirects are answers, because following one could carry a token to another host. Node's fetch does the
 * same, for 8 to 16 MiB and up to 120 ms at the start, and does not say whether anything was sent.
 */
export async function sendOnce(url: URL, outgoing: OutgoingRequest, options: SendOptions): Promise<SendEnd> {
  const { signal, timeoutMs, connectMs = null, maySend = () => true } = options;
  if (signal.aborted) return { kind: 'stopped', sent: false };
  const over = new AbortController();
  let sent = false;
  let isLate = false;
  let isRefused = false;
  const stop = () => over.abort();
  const tooLate = () => {
    isLate = true;
    over.abort();
  };
  const timers = [
    timeoutMs === null ? null : setTimeout(tooLate, timeoutMs),
    connectMs === null ? null : setTimeout(() => sent || tooLate(), connectMs),
  ];
  // Not AbortSignal.any: each signal that is made from one that lives as long as the daemon stays in memory.
  signal.addEventListener('abort', stop, { once: true });
  const leave = (request: ClientRequest) => {
    sent = maySend();
    isRefused = !sent;
    if (sent) request.end(outgoing.body ?? undefined);
    else stop();
  };
  try {
    return await readResponse(await respond(url, outgoing, { ...options, over: over.signal, leave }), options.limits);
  } catch (error) {
    if (isRefused) return { kind: 'not-sent' };
    if (signal.aborted) return { kind: 'stopped', sent };
    return isLate ? { kind: 'timeout', sent } : { kind: 'unreachable', sent, cause: error };
  } finally {
    for (const timer of timers) if (timer !== null) clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

interface Sending extends SendOptions {
  /** Ends the request, wherever it is. */
  readonly over: AbortSignal;
  /** Called once the connection is ready. */
  readonly leave: (request: ClientRequest) => void;
}

async function respond(
  url: URL,
  { method, headers }: OutgoingRequest,
  { proxies, ca = null, over, leave }: Sending,
): Promise<IncomingMessage> {
  const isSecure = url.protocol === 'https:';
  const server = proxies === undefined ? null : proxyFor(url, proxies);
  const agent = server === null ? (isSecure ? SECURE : PLAIN) : await tunnelAgent(server, isSecure);
  return new Promise((resolve, reject) => {
    const options: RequestOptions & GiveUpOption = {
      agent,
      method,
      headers: { ...headers, 'accept-encoding': ACCEPTED_ENCODINGS },
      defaultPort: isSecure ? 443 : 80,
      signal: over,
      // Node keeps `signal` from whatever makes the connection.
      giveUp: over,
      ...(ca === null ? {} : { ca }),
    };
    const request = (isSecure ? requestSecure : requestPlain)(url, options);
    // A request that has no connection yet does not report that it was ended.
    over.addEventListener('abort', () => reject(over.reason), { once: true });
    if (over.aborted) reject(over.reason);
    request.on('error', reject);
    request.on('response', resolve);
    // Every pool hands out connections that are ready, TLS included. Node sends the headers with the first byte of the body
    // or with the end, so until here nothing was sent.
    request.once('socket', () => leave(request));
  });
}

/** What a proxy takes is loaded only if there is one: it costs some 7 MiB, and a proxy is rare. */
async function tunnelAgent(server: ProxyServer, isSecure: boolean): Promise<PlainAgent> {
  const known = TUNNELS.get(server) ?? import('./tunnel.ts').then(({ makeTunnels }) => makeTunnels(server, POOL));
  TUNNELS.set(server, known);
  const { secure, plain } = await known;
  return isSecure ? secure : plain;
}
