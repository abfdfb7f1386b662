import { once } from 'node:events';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { pickSend } from '../../../src/adapters/mailtrap/transport/pick-send.ts';
import { toProxies } from '../../../src/adapters/mailtrap/transport/proxies.ts';
import { sendDirectly } from '../../../src/adapters/mailtrap/transport/send-directly.ts';
import { selfSigned } from './support/certificate.ts';
import { failureOf } from './support/failure-of.ts';
import { anySignal, newClient } from './support/new-client.ts';
import { ACCOUNT, json, type ScriptedServer, startScriptedServer, TOKEN } from './support/scripted-server.ts';

const HOST = 'mailtrap.test';
const PASSWORD = 'pr0xypass';

let origin: Server;
let proxy: Server;
let proxyUrl: string;
/** What the proxy was asked for: CONNECT lines with their credentials, and anything that is no tunnel. */
let asked: string[];
let refuses: boolean;
let originSaw: string[];

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  origin = createHttpsServer(selfSigned(HOST), (request, response) => {
    originSaw.push(`${request.method} ${request.headers.host} ${request.url} ${request.headers.authorization}`);
    json(200, request.url === '/api/accounts' ? [{ id: ACCOUNT, name: 'A', access_levels: [100] }] : [])(
      response,
      request,
    );
  });
  const originPort = await listening(origin);
  proxy = createHttpServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.end();
  });
  proxy.on('connect', (request, socket, head) => {
    asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    if (refuses) return void socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    const tunnel = connect(originPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.write(head);
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on('error', () => socket.destroy());
    socket.on('error', () => tunnel.destroy());
  });
  proxyUrl = `http://127.0.0.1:${await listening(proxy)}`;
});

beforeEach(() => {
  asked = [];
  originSaw = [];
  refuses = false;
});

afterEach(() => vi.unstubAllEnvs());

afterAll(() => {
  for (const server of [origin, proxy]) {
    server.closeAllConnections();
    server.close();
  }
});

/**
 * The certificate is our own, and Node 20 takes further ones only when it starts. What Node warns of then is meant here,
 * and a suite that is quiet otherwise shows every warning that is not.
 */
function trustAnyCertificate(): void {
  const warn = process.emitWarning.bind(process);
  process.emitWarning = ((warning: string | Error, ...rest: []) => {
    if (!String(warning).includes('NODE_TLS_REJECT_UNAUTHORIZED')) warn(warning, ...rest);
  }) as typeof process.emitWarning;
  onTestFinished(() => {
    process.emitWarning = warn;
  });
  vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
}

describe('through a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])(
    'named by %s, in a tunnel that it cannot look into',
    async (name) => {
      trustAnyCertificate();
      const { client } = newClient(`https://${HOST}`, { environment: { [name]: proxyUrl } });
      expect((await client.readResources(anySignal())).value).toEqual([]);
      expect([...new Set(asked)]).toEqual([`CONNECT ${HOST}:443`]);
      expect(originSaw).toEqual([
        `GET ${HOST} /api/accounts Bearer ${TOKEN}`,
        `GET ${HOST} /api/accounts/${ACCOUNT}/permissions/resources Bearer ${TOKEN}`,
      ]);
    },
  );

  it('with its user and password, and a write with its body', async () => {
    trustAnyCertificate();
    const environment = { HTTPS_PROXY: proxyUrl.replace('//', `//me:${PASSWORD}@`) };
    const { client } = newClient(`https://${HOST}`, { environment });
    const receipt = await client.writeRows(5, [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }], anySignal());
    expect(receipt.status).toBe(200);
    expect([...new Set(asked)]).toEqual([
      `CONNECT ${HOST}:443 Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}`,
    ]);
  });

  it('and a write is held back where its permit ends while the tunnel is made', async () => {
    trustAnyCertificate();
    const { client } = newClient(`https://${HOST}`, { environment: { HTTPS_PROXY: proxyUrl } });
    let looks = 0;
    const permit = { writeMs: () => (++looks < 3 ? 5_000 : null) };
    const rows = [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }] as const;
    const error = await failureOf(client.writeRows(5, rows, anySignal(), permit));
    expect(error).toMatchObject({ code: 'lease-lost', mayHaveTakenEffect: false });
    expect(looks).toBe(3);
    expect(originSaw.filter((line) => line.startsWith('PUT'))).toEqual([]);
    expect(await client.writeRows(5, rows, anySignal(), { writeMs: () => 5_000 })).toMatchObject({ status: 200 });
  });

  it('and still with a look at the certificate: nothing is sent to an unknown server', async () => {
    const { client } = newClient(`https://${HOST}`, { environment: { HTTPS_PROXY: proxyUrl }, triesMax: 1 });
    const error = await failureOf(client.confirmAccount(anySignal()));
    expect(error).toMatchObject({ code: 'api-unreachable', mayHaveTakenEffect: false });
    expect(error.message).toContain('DEPTH_ZERO_SELF_SIGNED_CERT');
    expect(error.remedy).toContain('NODE_EXTRA_CA_CERTS');
    expect(originSaw).toEqual([]);
  });

  it('that refuses: the error says so, without the password', async () => {
    refuses = true;
    const environment = { HTTPS_PROXY: proxyUrl.replace('//', `//me:${PASSWORD}@`) };
    const error = await failureOf(newClient(`https://${HOST}`, { environment }).client.confirmAccount(anySignal()));
    expect(error.message).toMatch(/407/);
    expect(`${error.message} ${error.remedy} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(PASSWORD);
    expect(asked).toHaveLength(4);
  });
});

describe('around a proxy', () => {
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await startScriptedServer([json(200, [])]);
  });
  afterAll(() => server.close());

  it('go requests to loopback', async () => {
    const { client } = newClient(server.url, { environment: { HTTPS_PROXY: proxyUrl, HTTP_PROXY: proxyUrl } });
    await client.readResources(anySignal());
    expect(asked).toEqual([]);
  });

  it('go requests to a host that NO_PROXY names', async () => {
    const environment = { HTTPS_PROXY: proxyUrl, NO_PROXY: 'invalid' };
    const { client } = newClient('https://grantd.invalid', { environment });
    await expect(client.confirmAccount(anySignal())).rejects.toMatchObject({ code: 'api-unreachable' });
    expect(asked).toEqual([]);
  });

  it('goes everything where the environment that is handed in names none, whatever that of the process says', async () => {
    vi.stubEnv('HTTPS_PROXY', proxyUrl);
    vi.stubEnv('no_proxy', '*');
    expect(await pickSend(new URL(`https://${HOST}`), toProxies({}))).toBe(sendDirectly);
    trustAnyCertificate();
    const { client } = newClient(`https://${HOST}`, { environment: { HTTP_PROXY: proxyUrl } });
    await client.confirmAccount(anySignal());
    expect([...new Set(asked)]).toEqual([`CONNECT ${HOST}:443`]);
  });

  it('nothing is sent through undici, which is not loaded', async () => {
    expect(await pickSend(new URL('https://mailtrap.io'), toProxies({ HTTPS_PROXY: '', no_proxy: 'x' }))).toBe(
      sendDirectly,
    );
    expect(await pickSend(new URL('http://127.0.0.1'), toProxies({ HTTP_PROXY: proxyUrl }))).toBe(sendDirectly);
  });
});
