import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { anySignal, newClient } from './support/new-client.ts';
import {
  ACCOUNT,
  confirming,
  json,
  type Reply,
  type ScriptedServer,
  startScriptedServer,
  TOKEN,
  text,
} from './support/scripted-server.ts';

let server: ScriptedServer;

async function serverWith(...replies: Reply[]): Promise<ScriptedServer> {
  server = await startScriptedServer(replies);
  return server;
}

afterEach(() => server.close());

const NODE = { id: 1, name: 'Checkout', type: 'project', access_level: 100, resources: [] };
const RESOURCE = { type: 'project', id: 1, name: 'Checkout', tokenLevel: 100, children: [] };

describe('the client reads', () => {
  it('the tree, with the time of the server, after it has confirmed the account', async () => {
    const { url } = await serverWith(json(200, [NODE], { date: 'Tue, 24 Nov 2026 12:00:00 GMT' }));
    const reading = await newClient(url).client.readResources(anySignal());
    expect(reading).toEqual({ value: [RESOURCE], serverTime: Date.UTC(2026, 10, 24, 12) });
    expect(server.checks).toHaveLength(1);
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({
      method: 'GET',
      path: `/api/accounts/${ACCOUNT}/permissions/resources`,
      body: '',
    });
  });

  it('with one header for the token, its own name, and no body', async () => {
    const { url } = await serverWith(json(200, [NODE]));
    await newClient(url).client.readResources(anySignal());
    const headers = server.received[0]?.headers;
    expect(headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      accept: 'application/json',
      'user-agent': 'grantd/0.0.0-test',
    });
    expect(headers).not.toHaveProperty('api-token');
    expect(headers).not.toHaveProperty('content-type');
  });

  it('with the other header where that is configured, and that alone', async () => {
    const { url } = await serverWith(json(200, [NODE]));
    await newClient(url, { authHeader: 'api-token' }).client.readResources(anySignal());
    expect(server.received[0]?.headers).toMatchObject({ 'api-token': TOKEN });
    expect(server.received[0]?.headers).not.toHaveProperty('authorization');
  });

  it('under the paths of the newer generation if they are configured', async () => {
    const { url } = await serverWith(json(200, []));
    const { client } = newClient(url, { paths: 'token' });
    await client.readResources(anySignal());
    await client.readAccesses(anySignal());
    await client.readApiTokens(anySignal());
    await client.writeRows(7, [{ resource: { type: 'inbox', id: 1 }, level: null }], anySignal());
    expect(server.checks.map(({ path }) => path)).toEqual(['/api/accounts']);
    expect(server.received.map(({ path }) => path)).toEqual([
      '/api/permissions/resources',
      '/api/account_accesses',
      '/api/api_tokens',
      '/api/account_accesses/7/permissions/bulk',
    ]);
  });

  it('below a path that the address has', async () => {
    const { url } = await serverWith(json(200, []));
    await newClient(`${url}/gateway/`).client.readApiTokens(anySignal());
    expect(server.checks[0]?.path).toBe('/gateway/api/accounts');
    expect(server.received[0]?.path).toBe(`/gateway/api/accounts/${ACCOUNT}/api_tokens`);
  });

  it('a compressed answer', async () => {
    const body = gzipSync(JSON.stringify([NODE]));
    const { url } = await serverWith(
      text(200, body, { 'content-encoding': 'gzip', 'content-type': 'application/json' }),
    );
    expect((await newClient(url).client.readResources(anySignal())).value).toEqual([RESOURCE]);
  });

  it('an answer that comes in pieces, cut within a character', async () => {
    const bytes = Buffer.from(JSON.stringify([{ ...NODE, name: 'Füße' }]));
    const { url } = await serverWith(async (response) => {
      for (const byte of bytes) {
        response.write(Buffer.from([byte]));
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
    });
    expect((await newClient(url).client.readResources(anySignal())).value[0]?.name).toBe('Füße');
  });

  it('an empty list as an empty list, which is for others to judge', async () => {
    const { url } = await serverWith(json(200, []));
    const { client } = newClient(url);
    expect((await client.readAccesses(anySignal())).value).toEqual([]);
    expect((await client.readApiTokens(anySignal())).value).toEqual([]);
  });

  it('without a time if the answer has no date that can be read', async () => {
    const { url } = await serverWith(json(200, [], { date: 'today' }));
    expect((await newClient(url).client.readResources(anySignal())).serverTime).toBeNull();
  });

  it('and tells its observer of every request, with its path left open', async () => {
    const { url } = await serverWith(json(200, []));
    const { client, events } = newClient(url);
    await client.readAccesses(anySignal());
    expect(events).toEqual([
      {
        method: 'GET',
        route: '/api/accounts',
        status: 200,
        durationMs: expect.any(Number),
        tries: 1,
        waitedMs: expect.any(Number),
        retry: null,
      },
      {
        method: 'GET',
        route: '/api/accounts/{account_id}/account_accesses',
        status: 200,
        durationMs: expect.any(Number),
        tries: 1,
        waitedMs: expect.any(Number),
        retry: null,
      },
    ]);
  });

  it('and is not disturbed by an observer that throws', async () => {
    const { url } = await serverWith(json(200, []));
    const onRequest = () => {
      throw new Error('observer');
    };
    expect((await newClient(url, { onRequest }).client.readResources(anySignal())).value).toEqual([]);
  });
});

describe('the client writes', () => {
  it('all rows of one access in one PUT, and answers with the status, the request id and the time of the API', async () => {
    const { url } = await serverWith(
      json(
        200,
        { message: 'Permissions have been updated!' },
        { 'x-request-id': 'abc-1', date: 'Tue, 24 Nov 2026 12:00:00 GMT' },
      ),
    );
    const receipt = await newClient(url).client.writeRows(
      5142,
      [
        { resource: { type: 'project', id: 4001 }, level: 'admin' },
        { resource: { type: 'inbox', id: 3809 }, level: null },
      ],
      anySignal(),
    );
    expect(receipt).toEqual({ status: 200, requestId: 'abc-1', serverTime: Date.UTC(2026, 10, 24, 12) });
    expect(server.received).toHaveLength(1);
    expect(server.received[0]).toMatchObject({
      method: 'PUT',
      path: `/api/accounts/${ACCOUNT}/account_accesses/5142/permissions/bulk`,
      headers: { 'content-type': 'application/json' },
    });
    expect(JSON.parse(server.received[0]?.body ?? '')).toEqual({
      permissions: [
        { resource_id: '4001', resource_type: 'project', access_level: 'admin' },
        { resource_id: '3809', resource_type: 'inbox', _destroy: true },
      ],
    });
  });

  it.each([
    ['nothing', text(200, '')],
    ['a page', text(200, '<html></html>')],
    ['201', json(201, {})],
  ])('and takes a success for one, whatever it says: %s', async (_, reply) => {
    const { url } = await serverWith(reply);
    const receipt = await newClient(url).client.writeRows(
      1,
      [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }],
      anySignal(),
    );
    expect(receipt.requestId).toBeNull();
  });

  it('never what must not be written: nothing is sent', async () => {
    const { url } = await serverWith(json(200, {}));
    const { client } = newClient(url);
    await expect(client.writeRows(1, [], anySignal())).rejects.toThrow(RangeError);
    await expect(
      client.writeRows(0.5, [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }], anySignal()),
    ).rejects.toThrow(RangeError);
    expect(server.received).toHaveLength(0);
    expect(server.checks).toHaveLength(0);
  });
});

describe('createMailtrapClient', () => {
  it('refuses an address or an account that cannot be one, and a proxy that is no URL', async () => {
    await serverWith(confirming);
    expect(() => newClient('http://mailtrap.io')).toThrow(TypeError);
    expect(() => newClient(server.url, { account: 1.5 })).toThrow(RangeError);
    const environment = { HTTPS_PROXY: 'user:secret@proxy' };
    expect(() => newClient('https://mailtrap.io', { environment: { https_proxy: '//x' } })).toThrow('not a URL');
    expect(() => newClient('https://mailtrap.io', { environment })).not.toThrow('secret');
  });
});
