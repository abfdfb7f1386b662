import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { startRelay } from '../../../bench/side-by-side/relay.mjs';

it('counts every byte of a request and its answer, and the connections', async () => {
  const server = createServer((_request, response) => response.writeHead(200, { 'content-length': '5' }).end('hello'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const relay = await startRelay((server.address() as AddressInfo).port);
  try {
    const ask = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';
    const socket = connect(Number(new URL(relay.url).port), '127.0.0.1');
    socket.write(ask);
    const answer = await text(socket);
    expect(answer).toMatch(/hello$/);
    expect(relay.counted).toMatchObject({
      sentBytes: ask.length,
      receivedBytes: answer.length,
      connections: 1,
    });
    expect(relay.counted.firstAskedAt).toBeLessThanOrEqual(relay.counted.lastAnsweredAt ?? 0);
  } finally {
    await relay.close();
    server.close();
  }
});
