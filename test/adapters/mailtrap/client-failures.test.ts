import { createServer } from 'node:net';
import { deflateRawSync, gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { MAILTRAP_LIMITS } from '../../../src/adapters/mailtrap/transport/limits.ts';
import type { ApiError, ErrorCode } from '../../../src/core/domain/text/error.ts';
import { failureOf } from './support/failure-of.ts';
import { anySignal, newClient } from './support/new-client.ts';
import {
  ACCOUNT,
  json,
  type Reply,
  reset,
  type ScriptedServer,
  silent,
  startScriptedServer,
  text,
} from './support/scripted-server.ts';

const servers: ScriptedServer[] = [];

async function serverWith(...replies: Reply[]): Promise<ScriptedServer> {
  const server = await startScriptedServer(replies);
  servers.push(server);
  return server;
}

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
});

type TestClient = ReturnType<typeof newClient>;

function read({ client }: TestClient): Promise<unknown> {
  return client.readResources(anySignal());
}

function write({ client }: TestClient): Promise<unknown> {
  return client.writeRows(5142, [{ resource: { type: 'inbox', id: 3809 }, level: 'viewer' }], anySignal());
}

const NODE = { id: 1, name: 'A', type: 'project', access_level: 100, resources: [] };
const HTML = { 'content-type': 'text/html' };

/** Each status and body that is documented or was recorded, and proxies' pages. */
const ANSWERS: readonly [Reply, number, ErrorCode, string][] = [
  [text(400, '', HTML), 400, 'api-rejected', 'answered 400 without a message'],
  [json(401, { error: 'Incorrect API token' }), 401, 'api-unauthorized', 'answered 401: Incorrect API token'],
  [json(403, { errors: 'Account access forbidden' }), 403, 'api-forbidden', 'answered 403: Account access forbidden'],
  [json(403, { errors: 'Access forbidden' }), 403, 'api-forbidden', 'answered 403: Access forbidden'],
  [json(403, { errors: 'Unavailable on your plan' }), 403, 'api-forbidden', 'answered 403: Unavailable on your plan'],
  [json(404, { error: 'Not Found' }), 404, 'api-not-found', 'answered 404: Not Found'],
  [json(422, { errors: { base: ['Is full.'] } }), 422, 'api-rejected', 'answered 422: Is full.'],
  [json(422, { errors: { name: ['is taken'] } }), 422, 'api-rejected', 'answered 422: name: is taken'],
  [json(422, { errors: { filters: 'are wrong' } }), 422, 'api-rejected', 'answered 422: filters: are wrong'],
  [json(429, { errors: 'Rate limit exceeded' }), 429, 'api-rate-limited', 'answered 429: Rate limit exceeded'],
  [json(500, { error: 'Oops' }), 500, 'api-server-error', 'answered 500: Oops'],
  [
    text(502, '<html><title>502 Bad Gateway</title></html>', HTML),
    502,
    'api-server-error',
    'answered 502: 502 Bad Gateway',
  ],
  [text(503, ''), 503, 'api-server-error', 'answered 503 without a message'],
  [
    text(302, '', { location: 'https://evil.example/login?session=1' }),
    302,
    'api-redirect',
    'was redirected (302) to https://evil.example/login',
  ],
  [text(307, ''), 307, 'api-redirect', 'was redirected (307)'],
  [text(304, ''), 304, 'api-redirect', 'was redirected (304)'],
];

describe('an answer that is no success', () => {
  it.each(ANSWERS)('%# ends a read with its code', async (reply, status, code, what) => {
    const server = await serverWith(reply);
    const error = await failureOf(read(newClient(server.url)));
    const tries = status === 429 || status >= 500 ? 4 : 1;
    expect(error).toMatchObject({ code, mayHaveTakenEffect: false });
    expect(error.request).toEqual({
      method: 'GET',
      path: `/api/accounts/${ACCOUNT}/permissions/resources`,
      status,
      requestId: null,
      tries,
    });
    expect(error.message).toBe(`GET ${error.request.path} ${what}${tries > 1 ? ' (4 tries)' : ''}`);
    expect(error.remedy).toMatch(/\.$/);
    expect(server.received).toHaveLength(tries);
  });

  it.each(ANSWERS)('%# ends a write with its code, sent again for the rate limit only', async (reply, status, code) => {
    const server = await serverWith(reply);
    const error = await failureOf(write(newClient(server.url)));
    const tries = status === 429 ? 4 : 1;
    expect(error).toMatchObject({
      code,
      mayHaveTakenEffect: status !== 429,
      request: { method: 'PUT', status, tries },
    });
    expect(server.received).toHaveLength(tries);
  });

  it('names the request that Mailtrap knows it by', async () => {
    const server = await serverWith(json(404, { error: 'Not Found' }, { 'x-request-id': 'abc-1' }));
    expect((await failureOf(write(newClient(server.url)))).request.requestId).toBe('abc-1');
  });

  it('keeps its status though its body breaks off', async () => {
    const server = await serverWith((response) => {
      response.writeHead(403, { 'content-length': '1000' }).write('{"errors":"Acc');
      setTimeout(() => response.socket?.resetAndDestroy(), 20);
    });
    expect(await failureOf(read(newClient(server.url)))).toMatchObject({ code: 'api-forbidden' });
  });

  it('is read to its first 64 KiB, however long it is', async () => {
    const server = await serverWith(text(403, 'no '.repeat(1_000_000)));
    expect((await failureOf(read(newClient(server.url)))).message).toMatch(/answered 403: no no .*…$/);
  });

  it.each<[Reply, RegExp]>([
    [json(401, { error: 'Incorrect API token' }), /MAILTRAP_API_TOKEN/],
    [json(403, { errors: 'Unavailable on your plan' }), /plan does not include/],
    [json(403, { errors: 'Access forbidden' }), /make it admin of the account/],
    [json(404, { error: 'Not Found' }), /GRANTD_API_PATHS/],
    [text(302, ''), /GRANTD_API_URL/],
  ])('%# says what to do', async (reply, remedy) => {
    const server = await serverWith(reply);
    expect((await failureOf(read(newClient(server.url)))).remedy).toMatch(remedy);
  });
});

describe('a success that cannot be read', () => {
  it.each<[string, Reply, string]>([
    ['nothing', text(200, ''), 'the body: empty, where JSON was expected'],
    ['204', text(204, ''), 'the body: empty, where JSON was expected'],
    ['a page', text(200, '<html>Sign in</html>', HTML), 'the body: not JSON; it begins with: <html>Sign in</html>'],
    [
      'JSON cut off',
      text(200, '[{"id":1,"na'),
      'the body: JSON that is cut off or broken; it begins with: [{"id":1,"na',
    ],
    ['no UTF-8', text(200, Buffer.from([0x22, 0xc3, 0x28, 0x22])), 'the body: not UTF-8'],
    ['an object for the list', json(200, { resources: [] }), 'the body: expected a list, got an object'],
    ['a list for a node', json(200, [[]]), '[0]: expected an object, got a list'],
    [
      'a fault deep down',
      json(200, [NODE, { ...NODE, resources: [{ ...NODE, access_level: '100' }] }]),
      '[1].resources[0].access_level: expected an integer, got a string',
    ],
  ])('%s', async (_, reply, why) => {
    const server = await serverWith(reply);
    const error = await failureOf(read(newClient(server.url)));
    expect(error).toMatchObject({ code: 'api-malformed', mayHaveTakenEffect: false });
    expect(error.message).toContain(`, which grantd cannot read: ${why}`);
    expect(server.received).toHaveLength(1);
  });

  it.each([
    ['zstd', Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), 'its encoding is zstd, which grantd does not ask for'],
    ['gzip', '<html>Sign in</html>', 'the body is not in the encoding that the answer names, gzip'],
    ['deflate', '<html>Sign in</html>', 'the body is not in the encoding that the answer names, deflate'],
  ])('because of its encoding, %s', async (encoding, body, why) => {
    const server = await serverWith(text(200, body, { 'content-encoding': encoding }));
    const error = await failureOf(read(newClient(server.url)));
    expect(error).toMatchObject({ code: 'api-malformed', mayHaveTakenEffect: false });
    expect(error.message).toMatch(new RegExp(`answered 200, which grantd cannot read: ${why}$`));
    expect(error.remedy).not.toContain('DNS');
    expect(server.received).toHaveLength(1);
  });

  it('of a write because of its encoding: it may have taken effect', async () => {
    const server = await serverWith(text(200, 'saved', { 'content-encoding': 'gzip' }));
    const error = await failureOf(write(newClient(server.url)));
    expect(error).toMatchObject({ code: 'api-malformed', mayHaveTakenEffect: true });
    expect(server.received).toHaveLength(1);
  });

  it('but deflate without the header of zlib is read', async () => {
    const body = deflateRawSync(JSON.stringify([NODE]));
    const server = await serverWith(text(200, body, { 'content-encoding': 'deflate' }));
    expect(await read(newClient(server.url))).toMatchObject({ value: [{ id: 1 }] });
  });

  it('because it is larger than anything real, compressed or not', async () => {
    const { bodyBytesMax } = MAILTRAP_LIMITS;
    const zipped = gzipSync(Buffer.alloc(bodyBytesMax + 1, ' '), { level: 1 });
    const server = await serverWith(text(200, zipped, { 'content-encoding': 'gzip' }));
    const error = await failureOf(read(newClient(server.url)));
    expect(error.code).toBe('api-malformed');
    expect(error.message).toContain(
      `answered 200 with more than ${Math.floor(bodyBytesMax / 2 ** 20)} MiB; if the account`,
    );
  });
});

describe('no whole answer', () => {
  const stalledBody: Reply = (response) => {
    response.writeHead(200).write('[');
  };
  const dripping: Reply = (response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write(' '), 10);
    response.on('close', () => clearInterval(timer));
  };
  const cutBody: Reply = (response) => {
    response.writeHead(200, { 'content-length': '100' }).write('[');
    setTimeout(() => response.socket?.resetAndDestroy(), 20);
  };

  it.each<[string, Reply, ErrorCode]>([
    ['a server that says nothing', silent, 'api-timeout'],
    ['a body that stops', stalledBody, 'api-timeout'],
    ['a body that never ends', dripping, 'api-timeout'],
    ['a reset', reset, 'api-unreachable'],
    ['a body that breaks off', cutBody, 'api-unreachable'],
  ])('%s: a read is sent four times, a write once', async (_, reply, code) => {
    const server = await serverWith(reply);
    // Only what must run out of time is given little of it.
    const options = code === 'api-timeout' ? { requestTimeoutMs: 400 } : {};
    const readFailure = await failureOf(confirmedRead(server, options));
    expect(readFailure).toMatchObject({ code, mayHaveTakenEffect: false, request: { status: null, tries: 4 } });
    expect(server.received.filter(({ method }) => method === 'GET')).toHaveLength(4);
    const writeFailure = await failureOf(write(newClient(server.url, options)));
    expect(writeFailure).toMatchObject({ code, mayHaveTakenEffect: true, request: { status: null, tries: 1 } });
    expect(server.received.filter(({ method }) => method === 'PUT')).toHaveLength(1);
  });

  function confirmedRead(server: ScriptedServer, options: { requestTimeoutMs?: number }): Promise<unknown> {
    return read(newClient(server.url, options));
  }

  it('a port that no one listens on: nothing was sent, so a write is tried again too', async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { client, events } = newClient(url);
    const error = await failureOf(
      client.writeRows(1, [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }], anySignal()),
    );
    expect(error).toMatchObject({ code: 'api-unreachable', mayHaveTakenEffect: false });
    expect(error.message).toContain('could not be sent: connect ECONNREFUSED');
    expect(events.map(({ retry }) => retry)).toEqual(['unreachable', 'unreachable', 'unreachable', null]);
  });

  it('a write whose server goes away after the check is not taken for done', async () => {
    const server = await serverWith(json(200, []));
    const tested = newClient(server.url);
    await tested.client.confirmAccount(anySignal());
    await servers.pop()?.close();
    const error = await failureOf(write(tested));
    expect(error).toMatchObject({ code: 'api-unreachable', request: { method: 'PUT' } });
  });

  it('a host without an address', async () => {
    const error = await failureOf(read(newClient('https://grantd.invalid')));
    expect(error).toMatchObject({
      code: 'api-unreachable',
      mayHaveTakenEffect: false,
      request: { path: '/api/accounts' },
    });
  });
});

describe('what is sent again', () => {
  it('succeeds if the trouble has passed, after waits that grow', async () => {
    const server = await serverWith(text(503, ''), reset, json(500, {}), json(200, [NODE]));
    const { client, clock, events } = newClient(server.url);
    expect((await client.readResources(anySignal())).value).toHaveLength(1);
    expect(clock.sleeps).toEqual([500, 1_000, 2_000]);
    expect(events.slice(1).map(({ tries, status, retry }) => [tries, status, retry])).toEqual([
      [1, 503, 'server-error'],
      [2, null, 'unreachable'],
      [3, 500, 'server-error'],
      [4, 200, null],
    ]);
  });

  it('waits for the rate limit: as long as the API says, else the window', async () => {
    const server = await serverWith(json(429, {}), json(429, {}, { 'retry-after': '30' }), json(200, []));
    const { client, clock } = newClient(server.url);
    await client.writeRows(1, [{ resource: { type: 'inbox', id: 1 }, level: 'viewer' }], anySignal());
    expect(clock.sleeps).toEqual([11_250, 31_250]);
    expect(server.received).toHaveLength(3);
  });

  it.each([
    [{}, 10_000],
    [{ 'retry-after': '3' }, 3_000],
    [{ 'retry-after': '3600' }, 60_000],
  ])('holds back all who share the limiter after one was refused: %o', async (headers, waitMs) => {
    const server = await serverWith(json(429, {}, headers), json(200, []));
    const { client, clock } = newClient(server.url, { triesMax: 1 });
    expect((await failureOf(client.readResources(anySignal()))).code).toBe('api-rate-limited');
    await client.readResources(anySignal());
    expect(clock.sleeps).toEqual([waitMs]);
  });

  it('holds back all who share the limiter once the limit is reached', async () => {
    const server = await serverWith(json(200, [], { 'x-ratelimit-remaining': '0' }), json(200, []));
    const { client, clock } = newClient(server.url);
    await client.readResources(anySignal());
    expect(clock.sleeps).toEqual([]);
    await client.readResources(anySignal());
    expect(clock.sleeps).toEqual([10_000]);
  });

  it('is as many as are configured', async () => {
    const server = await serverWith(text(503, ''));
    const error: ApiError = await failureOf(read(newClient(server.url, { triesMax: 2 })));
    expect(error.request.tries).toBe(2);
    expect(server.received).toHaveLength(2);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
