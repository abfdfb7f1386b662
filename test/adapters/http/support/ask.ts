import { type IncomingHttpHeaders, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { type HttpOptions, type HttpServer, startHttp } from '../../../../src/adapters/http/start-http.ts';
import type { DaemonStatus } from '../../../../src/adapters/http/status.ts';
import { afterTest } from '../../../support/after-test.ts';
import { busyBoard } from './boards.ts';

export const TOKEN = 'a-token-of-forty-characters-0123456789ab';
export const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface Asked {
  readonly server: HttpServer;
  /** What `reconcile` was called with. */
  readonly reconciles: (string | null)[];
}

/** A server on a free port of loopback by default, closed after the test. */
export async function started(options: Partial<HttpOptions> = {}): Promise<Asked> {
  const asked = await serve(options);
  afterTest(() => asked.server.close());
  return asked;
}

/** The same, which the caller closes. */
export async function serve(options: Partial<HttpOptions> = {}): Promise<Asked> {
  const reconciles: (string | null)[] = [];
  const server = await startHttp({
    address: '127.0.0.1:0',
    httpToken: null,
    board: busyBoard(),
    metrics: { render: () => 'grantd_build_info 1\n', contentType: METRICS_TYPE },
    reconcile: (commit) => reconciles.push(commit),
    mailtrap: null,
    isStuck: () => null,
    ...options,
  });
  return { server, reconciles };
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export interface Asking {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** Where to connect to; by default what the server's address says. */
  readonly host?: string;
}

/** One request on a connection of its own. */
export function ask(address: string, path: string, { method = 'GET', headers = {}, body, host }: Asking = {}) {
  const { hostname, port } = new URL(`http://${address}`);
  return new Promise<Reply>((resolve, reject) => {
    const asked = request(
      {
        host: host ?? hostname.replace(/^\[|\]$/g, ''),
        port,
        path,
        method,
        headers: headers as Record<string, string | string[]>,
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(body);
  });
}

/** The status that a reply holds. */
export function statusIn({ text }: Reply): DaemonStatus {
  return JSON.parse(text) as DaemonStatus;
}

export interface RawConnection {
  readonly socket: Socket;
  /** What came in so far. */
  received(): string;
  isClosed(): boolean;
}

/** A connection that says exactly what it is told to; whatever goes wrong with it only closes it. */
export function connectRaw(address: string, first = ''): Promise<RawConnection> {
  const { hostname, port } = new URL(`http://${address}`);
  return new Promise((resolve) => {
    let received = '';
    let isClosed = false;
    const socket = connect(Number(port), hostname.replace(/^\[|\]$/g, ''));
    socket.setEncoding('utf8');
    const raw = { socket, received: () => received, isClosed: () => isClosed };
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      isClosed = true;
      resolve(raw);
    });
    socket.on('connect', () => {
      if (first !== '') socket.write(first);
      resolve(raw);
    });
  });
}
