import { type ClientRequest, type IncomingMessage, Agent as PlainAgent, request as requestPlain } from 'node:http';
import { request as requestSecure, Agent as SecureAgent } from 'node:https';
import type { Socket } from 'node:net';
import { type Duplex, pipeline } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { type AnswerHeaders, HeldBack, type Incoming, type Outgoing } from './send.ts';

/** A connection that nobody uses is closed before any server that is known to be in use would close it. */
const IDLE_MS = 4_000;
const POOL = { keepAlive: true, timeout: IDLE_MS } as const;
const PLAIN = new PlainAgent(POOL);
const SECURE = new SecureAgent(POOL);

/** A map, since the name is the other side's: an object also has what every object has. */
const DECODERS: ReadonlyMap<string, () => Duplex> = new Map<string, () => Duplex>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/** Sends over a connection of this process. Node's fetch does the same, for 16 MB and some 100 ms at the start. */
export function sendDirectly(url: URL, { method, headers, body, signal, mayLeave }: Outgoing): Promise<Incoming> {
  return new Promise((resolve, reject) => {
    const options = { method, signal, headers: { ...headers, 'accept-encoding': 'gzip, deflate, br' } };
    const request =
      url.protocol === 'https:'
        ? requestSecure(url, { ...options, agent: SECURE })
        : requestPlain(url, { ...options, agent: PLAIN });
    request.on('error', reject);
    request.on('response', (response) => resolve(toIncoming(response)));
    onceConnected(request, () => {
      if (mayLeave()) request.end(body ?? undefined);
      else request.destroy(new HeldBack());
    });
  });
}

/** Headers leave with the first byte of the body or the end, so until then nothing was sent. */
function onceConnected(request: ClientRequest, then: () => void): void {
  request.once('socket', (socket: Socket) => {
    if (!socket.connecting) then();
    else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', then);
  });
}

function toIncoming(response: IncomingMessage): Incoming {
  return { status: response.statusCode ?? 0, headers: toHeaders(response), body: decompressed(response) };
}

function toHeaders({ headers }: IncomingMessage): AnswerHeaders {
  return {
    get: (name) => {
      const value = headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : (value ?? null);
    },
  };
}

/** A body in an encoding that nobody asked for stays as it is, and is no JSON. */
function decompressed(response: IncomingMessage): AsyncIterable<Uint8Array> {
  const decoder = DECODERS.get(response.headers['content-encoding']?.toLowerCase() ?? '')?.();
  if (decoder === undefined) return response;
  // What breaks off is an error of the decoder, which its reader sees.
  return pipeline(response, decoder, () => {});
}
