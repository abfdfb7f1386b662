import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type Ended, exchange } from '../../../src/adapters/mailtrap/transport/exchange.ts';
import { sendDirectly } from '../../../src/adapters/mailtrap/transport/send-directly.ts';
import { startScriptedServer, text } from './support/scripted-server.ts';

let server: Server;
let sockets: Socket[];

afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** A server that takes connections and never says a word, so that no TLS handshake comes to its end. */
async function muteServer(): Promise<URL> {
  sockets = [];
  server = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return new URL(`https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
}

function put(url: URL, options: { timeoutMs?: number; signal?: AbortSignal; asked?: () => void }): Promise<Ended> {
  const { timeoutMs = 5_000, signal = new AbortController().signal, asked } = options;
  const mayLeave = () => {
    asked?.();
    return true;
  };
  return exchange(url, { method: 'PUT', headers: {}, body: '{}' }, { send: sendDirectly, timeoutMs, signal, mayLeave });
}

describe('a request whose connection never stands', () => {
  it('was not sent when its time is over', async () => {
    let asked = 0;
    const end = await put(await muteServer(), { timeoutMs: 100, asked: () => (asked += 1) });
    expect(end).toMatchObject({ kind: 'unreachable', sent: false });
    expect(asked).toBe(0);
    expect(sockets).toHaveLength(1);
  });

  it('was not sent when it is called off', async () => {
    const url = await muteServer();
    const stopping = new AbortController();
    const end = put(url, { signal: stopping.signal });
    await once(server, 'connection');
    stopping.abort();
    expect(await end).toEqual({ kind: 'stopped', sent: false });
  });

  it('was not sent when it breaks off', async () => {
    const url = await muteServer();
    server.on('connection', (socket) => socket.destroy());
    expect(await put(url, {})).toMatchObject({ kind: 'unreachable', sent: false });
  });
});

it.each([
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  ['deflate', deflateSync],
  ['br', brotliCompressSync],
])('an answer that is compressed by %s is read, and one that breaks off within is not', async (encoding, compress) => {
  server = createServer();
  sockets = [];
  const body = compress(Buffer.from('[1, 2, 3]'.repeat(1000)));
  const headers = { 'content-encoding': encoding };
  const scripted = await startScriptedServer([text(200, body, headers), text(200, body.subarray(0, -5), headers)]);
  try {
    const whole = await put(new URL(scripted.url), {});
    expect(whole).toMatchObject({ kind: 'answer', body: Buffer.from('[1, 2, 3]'.repeat(1000)) });
    expect(await put(new URL(scripted.url), {})).toMatchObject({ kind: 'unreachable', sent: true });
  } finally {
    await scripted.close();
  }
});

it.each(['constructor', '__proto__', 'identity', 'zstd', ''])(
  'an answer that says its encoding is "%s" is read as it stands, and ends nothing',
  async (encoding) => {
    server = createServer();
    sockets = [];
    const scripted = await startScriptedServer([text(200, Buffer.from('[1]'), { 'content-encoding': encoding })]);
    try {
      expect(await put(new URL(scripted.url), {})).toMatchObject({ kind: 'answer', body: Buffer.from('[1]') });
    } finally {
      await scripted.close();
    }
  },
);
