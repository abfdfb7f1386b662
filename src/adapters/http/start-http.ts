import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type HttpAnswer, refusal } from './answer.ts';
import { judgeCaller, type ListenerAccess } from './caller.ts';
import {
  ANSWER_TIMEOUT_MS,
  BODY_BYTES_MOST,
  CHECK_EVERY_MS,
  CLOSE_GRACE_MS,
  HEADER_BYTES_MOST,
  KEEP_ALIVE_MS,
  REQUEST_TIMEOUT_MS,
} from './limits.ts';
import {
  IPV4_FOR_EVERY,
  isLoopbackPeer,
  type ListenPlace,
  lackOfIpv6,
  listenFailure,
  parseListenPlace,
  placeOf,
} from './listen-place.ts';
import { accountOfPath, Deliveries } from './mailtrap-webhook.ts';
import { givePlaces } from './places.ts';
import { answerTo, type Backend } from './routes.ts';

export interface HttpOptions extends Backend {
  /** `host:port`, with IPv6 in brackets; port 0 is any free one. */
  readonly address: string;
  /** Gives the bearer token as it is now; if it throws, no token is right. Null if none is configured. */
  readonly httpToken: (() => string) | null;
  /** Gets the internal error because of which an answer could not be made. */
  readonly onError?: (error: unknown) => void;
}

export interface HttpServer {
  /** Without a slash at the end. */
  readonly url: string;
  /** `host:port`, with the port that it listens on. */
  readonly address: string;
  /** Why it listens on 0.0.0.0 although `::` is set: the machine has no IPv6. Null if it listens where it should. */
  readonly ipv4Only: string | null;
  /** What the operator should know; empty if nothing. */
  readonly warnings: readonly string[];
  /** Takes no further request, lets answers under way end, and ends the rest. May be called again. */
  close(): Promise<void>;
}

/** Serves probes, metrics and the status. Throws `http-unavailable` if it cannot listen on the address. */
export async function startHttp(options: HttpOptions): Promise<HttpServer> {
  const { address, httpToken, onError = () => {} } = options;
  const configured = parseListenPlace(address);
  let access: ListenerAccess = { httpToken, host: configured.host, isLoopback: false };
  const deliveries = new Deliveries();
  const server = createServer(
    {
      maxHeaderSize: HEADER_BYTES_MOST,
      headersTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECK_EVERY_MS,
    },
    (request, response) => serve(request, response, { access, backend: options, deliveries, onError }),
  );
  givePlaces(server);
  const { host, ipv4Only } = await listen(server, configured).catch((error: unknown) => {
    throw listenFailure(address, error);
  });
  server.on('error', onError);
  const bound = server.address() as AddressInfo;
  access = { ...access, host, isLoopback: isLoopbackPeer(bound.address) };
  const shown = placeOf({ host, port: bound.port });
  let closed: Promise<void> | undefined;
  return {
    url: `http://${shown}`,
    address: shown,
    ipv4Only,
    warnings: access.isLoopback || httpToken !== null ? [] : [openWithoutToken(shown)],
    close: () => (closed ??= closeServer(server)),
  };
}

/** Where the machine has no IPv6, `::` would be nowhere: every IPv4 address is then what it has of it. */
async function listen(
  server: Server,
  { host, port }: ListenPlace,
): Promise<Pick<HttpServer, 'ipv4Only'> & ListenPlace> {
  try {
    server.listen(port, host);
    await once(server, 'listening');
    return { host, port, ipv4Only: null };
  } catch (error) {
    const ipv4Only = lackOfIpv6(host, error);
    if (ipv4Only === null) throw error;
    return { ...(await listen(server, { host: IPV4_FOR_EVERY, port })), ipv4Only };
  }
}

function openWithoutToken(address: string): string {
  return (
    `${address} can be reached from other machines and no httpTokenFile is set: ` +
    'grantd serves the status without names, and only this machine may ask for a run'
  );
}

interface Service {
  readonly access: ListenerAccess;
  readonly backend: Backend;
  readonly deliveries: Deliveries;
  readonly onError: (error: unknown) => void;
}

function serve(request: IncomingMessage, response: ServerResponse, service: Service): void {
  endInTime(request, response);
  if (takesDelivery(request, response, service)) return;
  throwAwayBody(request);
  const isLarge = Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MOST;
  send(request, response, isLarge ? tooLarge() : judge(request, service));
}

function send({ method }: IncomingMessage, response: ServerResponse, answer: HttpAnswer): void {
  const body = Buffer.from(answer.body);
  response.writeHead(answer.status, { ...answer.headers, 'Content-Length': body.length });
  response.end(method === 'HEAD' ? undefined : body);
}

/** Whether it is a delivery of Mailtrap's audit events, whose body is read. */
function takesDelivery(request: IncomingMessage, response: ServerResponse, service: Service): boolean {
  const { backend, deliveries, onError } = service;
  const account = accountOfPath(pathOf(request));
  const { mailtrap: webhook } = backend;
  if (webhook === null || account === null || request.method !== 'POST') return false;
  const receive = (to: number, body: string) => orReport(() => webhook.receive(to, body), onError);
  deliveries.take({ account, request, webhook: { ...webhook, receive } }, (answer) => send(request, response, answer));
  return true;
}

function orReport(work: () => void, onError: Service['onError']): void {
  try {
    work();
  } catch (error) {
    onError(error);
  }
}

function pathOf({ url = '' }: IncomingMessage): string {
  const [path = ''] = url.split('?', 1);
  return path;
}

function judge(request: IncomingMessage, { access, backend, onError }: Service): HttpAnswer {
  const { headers, method = '' } = request;
  try {
    const caller = judgeCaller({ headers, peer: request.socket.remoteAddress }, access);
    return answerTo({ method, path: pathOf(request), headers, caller, access }, backend);
  } catch (error) {
    onError(error);
    return refusal(500, 'internal error', 'report it; the daemon continues');
  }
}

/** A client that reads too slowly would keep the answer in memory. */
function endInTime(request: IncomingMessage, response: ServerResponse): void {
  const timer = setTimeout(() => request.socket.destroy(), ANSWER_TIMEOUT_MS);
  timer.unref();
  response.once('close', () => clearTimeout(timer));
}

function throwAwayBody(request: IncomingMessage): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > BODY_BYTES_MOST) request.socket.destroy();
  });
}

function tooLarge(): HttpAnswer {
  return refusal(413, 'the body is too large', 'send none: this route reads no body', { Connection: 'close' });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(timer);
      resolve();
    });
    server.closeIdleConnections();
  });
}
