import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Proxies, ProxyRefusal, readProxies } from '../../../src/platform/http/proxies.ts';
import { type SendEnd, type SendOptions, sendOnce } from '../../../src/platform/http/send-once.ts';
import { selfSigned } from '../../adapters/mailtrap/support/certificate.ts';
import { listen, startProxy, type TestProxy } from './support/proxy.ts';
import { trustAnyCertificate } from './support/trust.ts';

const NAME = 'api.test';
const URL_OF_API = new URL(`https://${NAME}/path`);
const CERTIFICATE = selfSigned(NAME);

let origin: Server;
let proxy: TestProxy;
let proxies: Proxies;
/** The requests that reached the origin. */
let received: string[];
/** How many TLS connections to the origin were made, from the handshake on. */
let handshakes: number;
const others: { close(): void }[] = [];

beforeEach(async () => {
  received = [];
  handshakes = 0;
  await startWorld(CERTIFICATE);
});

afterEach(() => {
  proxy.close();
  origin.closeAllConnections();
  origin.close();
  for (const other of others.splice(0)) other.close();
});

async function startWorld(certificate: typeof CERTIFICATE, proxyTls?: typeof CERTIFICATE): Promise<void> {
  if (origin !== undefined) {
    proxy?.close();
    origin.close();
  }
  origin = createSecureServer(certificate, (request, response) => {
    received.push(`${request.method} ${request.headers.host} ${request.url}`);
    response.end('{"read":true}');
  });
  origin.on('secureConnection', () => (handshakes += 1));
  proxy = await startProxy(await listen(origin), proxyTls);
  proxies = readProxies({ HTTPS_PROXY: `${proxyTls ? 'https' : 'http'}://127.0.0.1:${proxy.port}` });
}

function send(url = URL_OF_API, options: Partial<SendOptions> = {}): Promise<SendEnd> {
  const outgoing = { method: 'PUT', headers: { authorization: 'Bearer secret' }, body: '{}' } as const;
  return sendOnce(url, outgoing, {
    timeoutMs: 20_000,
    signal: new AbortController().signal,
    limits: { bodyBytesMax: 1000, refusalBytesMax: 1000 },
    proxies,
    ca: CERTIFICATE.cert,
    ...options,
  });
}

/** Waits until something holds, generously. */
async function until(actual: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!actual()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

describe('TLS in a tunnel', () => {
  it('hides the request from the proxy, which sees a CONNECT alone', async () => {
    expect(await send()).toMatchObject({ kind: 'answer', status: 200, body: Buffer.from('{"read":true}') });
    expect(proxy.asked).toEqual([`CONNECT ${NAME}:443`]);
    expect(received).toEqual([`PUT ${NAME} /path`]);
  });

  it('needs a certificate that is trusted, and otherwise nothing is sent', async () => {
    const end = await send(URL_OF_API, { ca: null });
    expect(end).toMatchObject({ kind: 'unreachable', sent: false, cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' } });
    expect(received).toEqual([]);
    await until(() => proxy.open.size === 0);
  });

  it('needs a certificate for the name that is asked, and otherwise nothing is sent', async () => {
    const end = await send(new URL('https://other.test/path'));
    expect(end).toMatchObject({ kind: 'unreachable', sent: false, cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
    expect(received).toEqual([]);
  });

  it('to an IP address needs a certificate for that address, not for the name of the proxy', async () => {
    const ofProxy = selfSigned('localhost');
    await startWorld(ofProxy);
    proxies = readProxies({ HTTPS_PROXY: `localhost:${proxy.port}` });
    const url = new URL('https://10.1.2.3:8443/path');
    const end = await send(url, { ca: ofProxy.cert });
    expect(end).toMatchObject({ kind: 'unreachable', sent: false, cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' } });
    expect(received).toEqual([]);
    const ofAddress = selfSigned('10.1.2.3');
    await startWorld(ofAddress);
    expect(await send(url, { ca: ofAddress.cert })).toMatchObject({ kind: 'answer', status: 200 });
    expect(proxy.asked).toEqual(['CONNECT 10.1.2.3:8443']);
  });

  it('to an IPv6 address asks for it in brackets', async () => {
    await send(new URL('https://[fd00::1]:8443/'));
    expect(proxy.asked).toEqual(['CONNECT [fd00::1]:8443']);
  });

  it('runs within TLS to a proxy that is named with https, whose own certificate is checked as well', async () => {
    await startWorld(CERTIFICATE, selfSigned('127.0.0.1'));
    expect(await send()).toMatchObject({
      kind: 'unreachable',
      sent: false,
      cause: { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' },
    });
    expect(proxy.asked).toEqual([]);
    trustAnyCertificate();
    expect(await send()).toMatchObject({ kind: 'answer', status: 200 });
    expect(proxy.asked).toEqual([`CONNECT ${NAME}:443`]);
    expect(received).toEqual([`PUT ${NAME} /path`]);
  });
});

describe('the question whether the request may be sent', () => {
  it('is asked once, when TLS stands in the tunnel and nothing was sent', async () => {
    const seen: unknown[] = [];
    const maySend = () => {
      seen.push({ proxy: [...proxy.asked], received: [...received] });
      return true;
    };
    expect(await send(URL_OF_API, { maySend })).toMatchObject({ kind: 'answer' });
    expect(seen).toEqual([{ proxy: [`CONNECT ${NAME}:443`], received: [] }]);
    expect(handshakes).toBe(1);
  });

  it('is answered with no: nothing is sent, and the tunnel is closed', async () => {
    expect(await send(URL_OF_API, { maySend: () => false })).toEqual({ kind: 'not-sent' });
    await until(() => proxy.open.size === 0);
    expect(received).toEqual([]);
  });

  it('is not asked before TLS stands, however long the other side takes', async () => {
    const mute = createTcpServer((socket) => void socket.on('error', () => {}));
    proxy.close();
    proxy = await startProxy(await listen(mute as unknown as Server));
    others.push(mute);
    proxies = readProxies({ HTTPS_PROXY: `127.0.0.1:${proxy.port}` });
    let asked = 0;
    const end = await send(URL_OF_API, { connectMs: 200, maySend: () => ++asked > 0 });
    expect(end).toEqual({ kind: 'timeout', sent: false });
    expect(asked).toBe(0);
    expect(proxy.asked).toHaveLength(1);
    await until(() => proxy.open.size === 0);
  });
});

describe('a tunnel', () => {
  it('is kept for the next request, which is asked about as well', async () => {
    let asked = 0;
    const maySend = () => ++asked > 0;
    for (let count = 0; count < 3; count += 1) await send(URL_OF_API, { maySend });
    expect(proxy.asked).toHaveLength(1);
    expect([asked, received.length, handshakes]).toEqual([3, 3, 1]);
  });

  it('that carries no request for some seconds is closed by this side', async () => {
    await send();
    expect(proxy.open.size).toBe(1);
    await until(() => proxy.open.size === 0);
  }, 70_000);

  it('is not shared by two proxies, nor by two users of one', async () => {
    await send();
    proxies = readProxies({ HTTPS_PROXY: `http://me:other@127.0.0.1:${proxy.port}` });
    await send();
    expect(proxy.asked).toEqual([
      `CONNECT ${NAME}:443`,
      `CONNECT ${NAME}:443 Basic ${Buffer.from('me:other').toString('base64')}`,
    ]);
  });

  it('breaks off after the request was sent: it may have arrived', async () => {
    const end = send(URL_OF_API, {
      maySend: () => {
        setImmediate(() => {
          for (const socket of proxy.open) socket.destroy();
        });
        return true;
      },
    });
    expect(await end).toMatchObject({ kind: 'unreachable', sent: true });
  });

  it('carries http too, inside a CONNECT', async () => {
    const plain = createPlainServer((request, response) => response.end(`${request.method} ${request.url}`));
    proxy.close();
    proxy = await startProxy(await listen(plain));
    others.push(plain);
    proxies = readProxies({ http_proxy: `http://127.0.0.1:${proxy.port}` });
    let asked = 0;
    const end = await send(new URL('http://api.test/path'), { maySend: () => ++asked > 0 });
    expect(end).toMatchObject({ kind: 'answer', body: Buffer.from('PUT /path') });
    expect([proxy.asked, asked]).toEqual([['CONNECT api.test:80'], 1]);
    plain.closeAllConnections();
  });
});

describe('a proxy that opens no tunnel', () => {
  it.each([
    ['says 407', { says: 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n' }, 'the proxy answered 407'],
    ['says 502', { says: 'HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\nno' }, 'the proxy answered 502'],
    ['says 200 and something else than HTTP', { says: 'SSH-2.0-x\r\n\r\n' }, 'the proxy did not answer in HTTP'],
  ])('%s: that is no answer of the API', async (_, manner, message) => {
    proxy.manner = manner;
    const end = await send();
    expect(end).toMatchObject({ kind: 'unreachable', sent: false, cause: { message } });
    expect('cause' in end && end.cause).toBeInstanceOf(ProxyRefusal);
    expect(received).toEqual([]);
    await until(() => proxy.open.size === 0);
  });

  it('hangs up: nothing was sent', async () => {
    proxy.manner = 'hangs-up';
    expect(await send()).toMatchObject({ kind: 'unreachable', sent: false });
  });

  it('is gone: nothing was sent', async () => {
    proxy.close();
    expect(await send()).toMatchObject({ kind: 'unreachable', sent: false, cause: { code: 'ECONNREFUSED' } });
  });

  it('never answers: the request ends in time, and so does its connection', async () => {
    proxy.manner = 'silent';
    expect(await send(URL_OF_API, { timeoutMs: 200 })).toEqual({ kind: 'timeout', sent: false });
    await until(() => proxy.open.size === 0);
  });

  it('never answers, and the request is called off', async () => {
    proxy.manner = 'silent';
    const stopping = new AbortController();
    const end = send(URL_OF_API, { signal: stopping.signal });
    await until(() => proxy.asked.length === 1);
    stopping.abort();
    expect(await end).toEqual({ kind: 'stopped', sent: false });
    await until(() => proxy.open.size === 0);
  });
});
