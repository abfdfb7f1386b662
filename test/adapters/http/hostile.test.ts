import { Agent, get } from 'node:http';
import { afterEach, describe, expect, it, test, vi } from 'vitest';
import { BODY_BYTES_MOST, CONNECTIONS_MOST, HEADER_BYTES_MOST } from '../../../src/adapters/http/limits.ts';
import { ask, connectRaw, METRICS_TYPE, type RawConnection, started } from './support/ask.ts';

const PATIENCE = { timeout: 120_000, interval: 20 };

let raws: RawConnection[] = [];
afterEach(() => {
  for (const { socket } of raws) socket.destroy();
  raws = [];
});

async function raw(address: string, first = ''): Promise<RawConnection> {
  const connection = await connectRaw(address, first);
  raws.push(connection);
  return connection;
}

async function isServed(address: string): Promise<boolean> {
  return (await ask(address, '/healthz')).status === 200;
}

describe('requests that are too large', () => {
  it('headers up to the limit pass, and beyond it are refused', async () => {
    const { server } = await started();
    const fits = await ask(server.address, '/healthz', {
      headers: { 'X-Large': 'x'.repeat(HEADER_BYTES_MOST - 1000) },
    });
    expect(fits.status).toBe(200);
    const large = await ask(server.address, '/healthz', { headers: { 'X-Large': 'x'.repeat(HEADER_BYTES_MOST) } });
    expect(large.status).toBe(431);
    expect(await isServed(server.address)).toBe(true);
  });

  it('a path beyond the limit is refused', async () => {
    const { server } = await started();
    expect((await ask(server.address, `/${'x'.repeat(2 * HEADER_BYTES_MOST)}`)).status).toBe(431);
  });

  it('a body within the limit is thrown away, and one that says it is larger is refused', async () => {
    const { server, reconciles } = await started();
    const body = 'x'.repeat(BODY_BYTES_MOST);
    expect((await ask(server.address, '/-/reconcile', { method: 'POST', body })).status).toBe(200);
    const declared = await raw(
      server.address,
      `POST /-/reconcile HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${BODY_BYTES_MOST + 1}\r\n\r\n`,
    );
    await vi.waitFor(() => expect(declared.received()).toMatch(/^HTTP\/1\.1 413 /), PATIENCE);
    expect(reconciles).toEqual([null]);
  });

  it('a body that never ends closes its connection, long before its time is over', async () => {
    const { server } = await started();
    const endless = await raw(
      server.address,
      'POST /-/reconcile HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n',
    );
    const { socket } = endless;
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const bytesMost = 256 * 1024 * 1024;
    const pour = () => {
      while (socket.writable && socket.bytesWritten < bytesMost && socket.write(chunk));
    };
    socket.on('drain', pour);
    pour();
    await vi.waitFor(() => expect(endless.isClosed()).toBe(true), PATIENCE);
    expect(socket.bytesWritten).toBeLessThan(bytesMost);
    expect(await isServed(server.address)).toBe(true);
  });
});

test('what is no HTTP is closed, and harms nobody', async () => {
  const { server, reconciles } = await started();
  const noise = await Promise.all(
    [
      '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
      'GET\r\n\r\n',
      'POST /-/reconcile HTTP/1.1\r\n\r\n',
      'POST /-/reconcile HTTP/1.1\r\nHost: localhost\r\nHost: evil\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
      'POST /-/reconcile HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n',
      'CONNECT mailtrap.io:443 HTTP/1.1\r\nHost: mailtrap.io:443\r\n\r\n',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ].map((text) => raw(server.address, text)),
  );
  await vi.waitFor(() => expect(noise.map(({ isClosed }) => isClosed())).toEqual(noise.map(() => true)), PATIENCE);
  expect(reconciles).toEqual([]);
  expect(await isServed(server.address)).toBe(true);
});

test('answers a POST before its body has come', async () => {
  const { server, reconciles } = await started();
  const slow = await raw(
    server.address,
    'POST /-/reconcile HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n',
  );
  await vi.waitFor(() => expect(slow.received()).toMatch(/^HTTP\/1\.1 200 /), PATIENCE);
  expect(reconciles).toEqual([null]);
});

/** One test for all of them, since each has to wait for its time limit. */
test('whoever is slow is cut off: in silence, in the headers, in the body, between requests, and in reading', async () => {
  const large = 'x'.repeat(64 * 1024 * 1024);
  const { server } = await started({ metrics: { render: () => large, contentType: METRICS_TYPE } });
  const silent = await raw(server.address);
  const headers = await raw(server.address, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n');
  const body = await raw(
    server.address,
    'POST /-/reconcile HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\nx',
  );
  const idle = await raw(server.address, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n');
  const reading = await raw(server.address, 'GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
  reading.socket.on('data', () => reading.socket.pause());
  const drips = setInterval(() => {
    if (headers.socket.writable) headers.socket.write('X-Drip: x\r\n');
    if (body.socket.writable) body.socket.write('x');
    reading.socket.resume();
  }, 50);
  const slow = { silent, headers, body, idle, reading };
  await vi.waitFor(
    () => expect(Object.keys(slow).filter((name) => !slow[name as keyof typeof slow].isClosed())).toEqual([]),
    PATIENCE,
  );
  clearInterval(drips);
  expect(reading.received()).toMatch(/^HTTP\/1\.1 200 /);
  expect(reading.received().length).toBeLessThan(large.length);
  expect(await isServed(server.address)).toBe(true);
});

test('close ends while slow clients still hold on', async () => {
  const large = 'x'.repeat(64 * 1024 * 1024);
  const { server } = await started({ metrics: { render: () => large, contentType: METRICS_TYPE } });
  const slow = await Promise.all([
    raw(server.address),
    raw(server.address, 'GET /healthz HTTP/1.1\r\n'),
    raw(server.address, 'POST /-/reconcile HTTP/1.1\r\nHost: localhost\r\nContent-Length: 60000\r\n\r\nx'),
    raw(server.address, 'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'),
  ]);
  const unread = await raw(server.address);
  unread.socket.pause();
  unread.socket.write('GET /metrics HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await vi.waitFor(() => expect(slow[3]?.received()).toContain('200 OK'), PATIENCE);
  await server.close();
  await vi.waitFor(() => expect(slow.map(({ isClosed }) => isClosed())).toEqual([true, true, true, true]), PATIENCE);
});

test('beyond the limit, the connection that has been silent the longest is closed, and the others are served', async () => {
  const { server } = await started();
  const held: RawConnection[] = [];
  while (held.length < CONNECTIONS_MOST) held.push(await raw(server.address, 'GET /healthz HTTP/1.1\r\n'));
  expect(await isServed(server.address)).toBe(true);
  const beyond = await raw(server.address, 'GET /healthz HTTP/1.1\r\n');
  await vi.waitFor(() => expect(held[0]?.isClosed()).toBe(true), PATIENCE);
  for (const { socket } of [...held.slice(1), beyond]) socket.write('Host: localhost\r\n\r\n');
  await vi.waitFor(() => {
    for (const one of [...held.slice(1), beyond]) expect(one.received()).toContain('200 OK');
  }, PATIENCE);
  expect(held[0]?.received()).toBe('');
});

test('answers 1000 requests that come at once, each with its own answer', async () => {
  const { server, reconciles } = await started();
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS_MOST - 4 });
  const paths = ['/healthz', '/readyz', '/metrics', '/api/v1/status', '/nothing'] as const;
  const expected = [200, 200, 200, 200, 404];
  const answers = await Promise.all(
    Array.from(
      { length: 1000 },
      (_, n) =>
        new Promise<number>((resolve, reject) => {
          get(`${server.url}${paths[n % paths.length]}`, { agent }, (response) => {
            response.resume();
            response.on('end', () => resolve(response.statusCode ?? 0));
          }).on('error', reject);
        }),
    ),
  );
  agent.destroy();
  expect(answers).toEqual(Array.from({ length: 1000 }, (_, n) => expected[n % expected.length]));
  expect(reconciles).toEqual([]);
});
