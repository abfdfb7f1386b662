import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ANSWERS_MOST, CONNECTIONS_MOST, CROWD_MOST } from '../../../src/adapters/http/limits.ts';
import { givePlaces } from '../../../src/adapters/http/places.ts';
import { ask, connectRaw, type RawConnection } from './support/ask.ts';

const PATIENCE = { timeout: 120_000, interval: 20 };
const SLOW = 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n';

let server: Server;
let address: string;
let most: number;
let slowRequests: number;

/** A server whose answers to `/slow` never end. */
beforeEach(async () => {
  most = 0;
  slowRequests = 0;
  let open = 0;
  server = createServer({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
    if (request.url === '/slow') {
      slowRequests += 1;
      response.write('x');
    } else response.end('yes');
  });
  server.on('connection', (socket) => {
    open += 1;
    most = Math.max(most, open);
    socket.on('close', () => (open -= 1));
  });
  givePlaces(server);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.close();
  server.closeAllConnections();
});

async function connected(count: number, first = ''): Promise<readonly RawConnection[]> {
  const all: RawConnection[] = [];
  while (all.length < count) all.push(await connectRaw(address, first));
  return all;
}

function openOf(connections: readonly RawConnection[]): number {
  return connections.filter(({ isClosed }) => !isClosed()).length;
}

test('as many connections as there are places stay, however long they say nothing', async () => {
  const silent = await connected(CONNECTIONS_MOST);
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(openOf(silent)).toBe(CONNECTIONS_MOST);
});

test('of more, the newest stay: those that came first are closed', async () => {
  const silent = await connected(CONNECTIONS_MOST + 20);
  await vi.waitFor(() => expect(openOf(silent)).toBe(CONNECTIONS_MOST), PATIENCE);
  expect(silent.slice(0, 20).map(({ isClosed }) => isClosed())).toEqual(Array(20).fill(true));
});

test('a connection whose answer has just ended is not the one that has been silent the longest', async () => {
  const early = await connectRaw(address);
  const silent = await connected(CONNECTIONS_MOST - 1);
  early.socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
  await vi.waitFor(() => expect(early.received()).toContain('yes'), PATIENCE);
  await connected(10);
  await vi.waitFor(() => expect(openOf(silent)).toBe(CONNECTIONS_MOST - 11), PATIENCE);
  expect(early.isClosed()).toBe(false);
});

test('answers that nobody reads to their end are bounded, and keep nobody out', async () => {
  const slow = await connected(ANSWERS_MOST + 16, SLOW);
  await vi.waitFor(() => expect([slowRequests, openOf(slow)]).toEqual([ANSWERS_MOST + 16, ANSWERS_MOST]), PATIENCE);
  const silent = await connectRaw(address);
  expect(await ask(address, '/')).toMatchObject({ status: 200, text: 'yes' });
  await vi.waitFor(() => expect(openOf(slow)).toBeLessThan(ANSWERS_MOST), PATIENCE);
  expect(silent.isClosed()).toBe(false);
});

test('a crowd is bounded too: there are never many more connections than it may have', async () => {
  const crowd = await connected(CROWD_MOST + 300);
  await vi.waitFor(() => expect(openOf(crowd)).toBe(CONNECTIONS_MOST), PATIENCE);
  expect(most).toBeLessThanOrEqual(CROWD_MOST + 1);
});
