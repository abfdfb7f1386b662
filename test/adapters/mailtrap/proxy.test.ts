import type { Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { listen, startProxy, type TestProxy } from '../../platform/http/support/proxy.ts';
import { trustAnyCertificate } from '../../platform/http/support/trust.ts';
import { selfSigned } from './support/certificate.ts';
import { failureOf } from './support/failure-of.ts';
import { anySignal, newClient } from './support/new-client.ts';
import { ACCOUNT, json, type ScriptedServer, startScriptedServer, TOKEN } from './support/scripted-server.ts';

const HOST = 'mailtrap.test';
const PASSWORD = 'pr0xypass';

let origin: Server;
let proxy: TestProxy;
let proxyUrl: string;
let originSaw: string[];

beforeAll(async () => {
  origin = createHttpsServer(selfSigned(HOST), (request, response) => {
    originSaw.push(`${request.method} ${request.headers.host} ${request.url} ${request.headers.authorization}`);
    json(200, request.url === '/api/accounts' ? [{ id: ACCOUNT, name: 'A', access_levels: [100] }] : [])(
      response,
      request,
    );
  });
  proxy = await startProxy(await listen(origin));
  proxyUrl = `http://127.0.0.1:${proxy.port}`;
});

beforeEach(() => {
  proxy.asked.length = 0;
  proxy.manner = 'tunnels';
  originSaw = [];
});

afterEach(() => vi.unstubAllEnvs());

afterAll(() => {
  proxy.close();
  origin.closeAllConnections();
  origin.close();
});

describe('through a proxy', () => {
  it.each(['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])(
    'named by %s, in a tunnel that it cannot look into',
    async (name) => {
      trustAnyCertificate();
      const { client } = newClient(`https://${HOST}`, { environment: { [name]: proxyUrl } });
      expect((await client.readResources(anySignal())).value).toEqual([]);
      expect([...new Set(proxy.asked)]).toEqual([`CONNECT ${HOST}:443`]);
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
    expect([...new Set(proxy.asked)]).toEqual([
      `CONNECT ${HOST}:443 Basic ${Buffer.from(`me:${PASSWORD}`).toString('base64')}`,
    ]);
  });

  it('and a write is not sent if its permit ends while the tunnel is made', async () => {
    trustAnyCertificate();
    const { client } = newClient(`https://${HOST}`, { environment: { HTTPS_PROXY: proxyUrl } });
    let looks = 0;
    const permit = { writeMs: () => (++looks < 2 ? 5_000 : null) };
    const rows = [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }] as const;
    const error = await failureOf(client.writeRows(5, rows, anySignal(), permit));
    expect(error).toMatchObject({ code: 'lease-lost', mayHaveTakenEffect: false });
    expect(looks).toBe(2);
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
    proxy.manner = { says: 'HTTP/1.1 407 Proxy Authentication Required\r\n\r\n' };
    const environment = { HTTPS_PROXY: proxyUrl.replace('//', `//me:${PASSWORD}@`) };
    const error = await failureOf(newClient(`https://${HOST}`, { environment }).client.confirmAccount(anySignal()));
    expect(error.message).toMatch(/407/);
    expect(`${error.message} ${error.remedy} ${JSON.stringify(error)} ${String(error.cause)}`).not.toContain(PASSWORD);
    expect(proxy.asked).toHaveLength(4);
  });
});

describe('an unreachable proxy', () => {
  it.each([
    ['refuses the connection', '127.0.0.1:1', 'connect ECONNREFUSED 127.0.0.1:1'],
    ['has no address', 'proxy.invalid:3128', ' proxy.invalid'],
  ])('that %s is named with its variable, without the password', async (_, host, why) => {
    const environment = { HTTPS_PROXY: `http://me:${PASSWORD}@${host}` };
    const { client } = newClient(`https://${HOST}`, { environment, triesMax: 1 });
    const error = await failureOf(client.confirmAccount(anySignal()));
    expect(error).toMatchObject({ code: 'api-unreachable', mayHaveTakenEffect: false });
    expect(error.message).toContain(`could not be sent: the proxy ${host} of HTTPS_PROXY is unreachable: `);
    expect(error.message).toContain(why);
    expect(error.message).not.toContain(PASSWORD);
  });
});

describe('a proxy variable', () => {
  it.each(['proxy.corp:3128', '127.0.0.1:3128', 'http://me:100%@127.0.0.1:3128'])(
    '%s is taken as curl takes it',
    (text) => {
      expect(() => newClient(`https://${HOST}`, { environment: { HTTPS_PROXY: text } })).not.toThrow();
    },
  );

  it('that names no proxy is refused at once, by its name', () => {
    const environment = { HTTPS_PROXY: `ftp://me:${PASSWORD}@127.0.0.1:3128` };
    expect(() => newClient(`https://${HOST}`, { environment })).toThrow(/^HTTPS_PROXY: its scheme/);
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
    expect(proxy.asked).toEqual([]);
  });

  it('go requests to an address in a network that NO_PROXY names', async () => {
    const environment = { HTTPS_PROXY: proxyUrl, NO_PROXY: '10.0.0.0/8' };
    const { client } = newClient('https://10.1.2.3', { environment, requestTimeoutMs: 200, triesMax: 1 });
    await expect(client.confirmAccount(anySignal())).rejects.toMatchObject({ code: 'api-unreachable' });
    expect(proxy.asked).toEqual([]);
  });

  it('go requests to a host that NO_PROXY names', async () => {
    const environment = { HTTPS_PROXY: proxyUrl, NO_PROXY: 'invalid' };
    const { client } = newClient('https://grantd.invalid', { environment });
    await expect(client.confirmAccount(anySignal())).rejects.toMatchObject({ code: 'api-unreachable' });
    expect(proxy.asked).toEqual([]);
  });

  it('goes everything if the environment that is handed in names none, whatever that of the process says', async () => {
    vi.stubEnv('HTTPS_PROXY', proxyUrl);
    vi.stubEnv('no_proxy', '*');
    await failureOf(newClient('https://grantd.invalid', { environment: {} }).client.confirmAccount(anySignal()));
    expect(proxy.asked).toEqual([]);
    trustAnyCertificate();
    const { client } = newClient(`https://${HOST}`, { environment: { HTTP_PROXY: proxyUrl } });
    await client.confirmAccount(anySignal());
    expect([...new Set(proxy.asked)]).toEqual([`CONNECT ${HOST}:443`]);
  });
});
