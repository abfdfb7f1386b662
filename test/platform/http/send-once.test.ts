import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { type SendEnd, type SendOptions, sendOnce } from '../../../src/platform/http/send-once.ts';
import { systemCode } from '../../../src/platform/system-code.ts';
import { selfSigned } from '../../adapters/mailtrap/support/certificate.ts';
import { type Reply, startScriptedServer, text } from '../../adapters/mailtrap/support/scripted-server.ts';

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

const LIMITS = { bodyBytesMax: 2 ** 20, refusalBytesMax: 10 };

function put(url: URL, options: Partial<SendOptions> & { asked?: () => void } = {}): Promise<SendEnd> {
  const { asked, ...more } = options;
  const maySend = () => {
    asked?.();
    return true;
  };
  const outgoing = { method: 'PUT', headers: {}, body: '{}' } as const;
  return sendOnce(url, outgoing, {
    timeoutMs: 5_000,
    signal: new AbortController().signal,
    limits: LIMITS,
    maySend,
    ...more,
  });
}

describe('a request whose connection never stands', () => {
  it('was not sent when its time is over', async () => {
    let asked = 0;
    const end = await put(await muteServer(), { timeoutMs: 1_000, asked: () => (asked += 1) });
    expect(end).toEqual({ kind: 'timeout', sent: false });
    expect(asked).toBe(0);
    expect(sockets).toHaveLength(1);
  });

  it('was not sent when the time of a connection is over, long before its own', async () => {
    const end = await put(await muteServer(), { timeoutMs: 600_000, connectMs: 100 });
    expect(end).toEqual({ kind: 'timeout', sent: false });
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
  ['deflate', deflateRawSync],
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

it.each(['gzip', 'x-gzip', 'deflate', 'br', 'GZIP'])(
  'an answer that is not in the encoding that it names, %s, has arrived, and cannot be read',
  async (encoding) => {
    const plain = Buffer.from('<html>Sign in here, please</html>');
    const end = await answered(text(200, plain, { 'content-encoding': encoding }), {});
    expect(end).toMatchObject({ kind: 'undecodable', status: 200, encoding: encoding.toLowerCase() });
    const refusal = await answered(text(502, plain, { 'content-encoding': encoding }), {});
    expect(refusal).toMatchObject({ kind: 'answer', status: 502 });
  },
);

it.each(['gzip', 'deflate', 'br'])('an answer in %s without a body has broken off', async (encoding) => {
  const end = await answered(text(200, '', { 'content-encoding': encoding }), {});
  expect(end).toMatchObject({ kind: 'unreachable', sent: true });
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

/** One request to a server that gives this reply to each. */
async function answered(reply: Reply, options: Partial<SendOptions>): Promise<SendEnd> {
  server = createServer();
  sockets = [];
  const scripted = await startScriptedServer([reply]);
  try {
    return await put(new URL(scripted.url), options);
  } finally {
    await scripted.close();
  }
}

describe('what is read of an answer', () => {
  const endless = (status: number): Reply => {
    return (response) => {
      response.writeHead(status).write('x'.repeat(1000));
    };
  };

  it('is nothing where only the status counts, however long the body is', async () => {
    expect(await answered(endless(200), { limits: null })).toMatchObject({ kind: 'answer', status: 200 });
  });

  it('is the beginning of a refusal, and all or nothing of a success', async () => {
    expect(await answered(endless(500), {})).toMatchObject({ status: 500, body: Buffer.from('x'.repeat(10)) });
    const limits = { bodyBytesMax: 999, refusalBytesMax: 1 };
    expect(await answered(endless(200), { limits })).toMatchObject({ kind: 'too-large', status: 200 });
  });

  it('is a redirect as it stands, which is not followed', async () => {
    const end = await answered(text(302, '', { location: 'http://127.0.0.1:1/' }), {});
    expect(end).toMatchObject({ kind: 'answer', status: 302 });
  });
});

it('a request that may not be sent once its connection stands is not sent, and its connection is closed', async () => {
  server = createServer();
  sockets = [];
  const scripted = await startScriptedServer([text(200, '[]')]);
  try {
    expect(await put(new URL(scripted.url), { maySend: () => false })).toEqual({ kind: 'not-sent' });
    expect(scripted.received).toEqual([]);
  } finally {
    await scripted.close();
  }
});

describe('whether a request that failed was sent', () => {
  /** A server over TLS, which only its own certificate as `ca` makes trusted. */
  async function secureServer(
    host: string,
    options: TlsOptions = {},
  ): Promise<{ readonly url: URL; readonly ca: string }> {
    const { key, cert } = selfSigned(host);
    const secure = createTlsServer({ key, cert, ...options }, (socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.destroy());
    });
    secure.on('connection', (socket) => sockets.push(socket.on('error', () => {})));
    sockets = [];
    server = secure.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { url: new URL(`https://127.0.0.1:${port}/`), ca: cert };
  }

  it.each([
    ['a refused connection', 'http://127.0.0.1:1/', 'ECONNREFUSED'],
    ['a host without an address', 'https://grantd.invalid/', /^(?:ENOTFOUND|EAI_AGAIN)$/],
  ])('%s: no', async (_, url, code) => {
    server = createServer();
    sockets = [];
    const end = await put(new URL(url));
    expect(end).toMatchObject({ kind: 'unreachable', sent: false });
    expect(systemCode('cause' in end ? end.cause : null)).toMatch(code);
  });

  it('a certificate that is not trusted, or is of another host: no', async () => {
    const { url, ca } = await secureServer('other.test');
    const untrusted = await put(url);
    expect(untrusted).toMatchObject({ sent: false, cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    const other = await put(url, { ca });
    expect(other).toMatchObject({ sent: false, cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
  });

  it('a connection that breaks off before an answer: it may have been', async () => {
    const { url, ca } = await secureServer('127.0.0.1');
    expect(await put(url, { ca })).toMatchObject({ kind: 'unreachable', sent: true });
  });

  it('an alert of the other side, which comes after the request: it may have been', async () => {
    const { url, ca } = await secureServer('127.0.0.1', { requestCert: true, rejectUnauthorized: true });
    expect(await put(url, { ca })).toMatchObject({ kind: 'unreachable', sent: true });
  });
});
