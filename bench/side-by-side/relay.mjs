import { once } from 'node:events';
import { connect, createServer } from 'node:net';

/**
 * Stands between a tool and the simulator and counts what passes on the wire, headers included: bytes each way, connections, and
 * when the first byte was asked and the last one answered.
 */
export async function startRelay(port) {
  const counted = { sentBytes: 0, receivedBytes: 0, connections: 0, firstAskedAt: null, lastAnsweredAt: null };
  const sockets = new Set();
  const server = createServer((client) => {
    counted.connections += 1;
    const upstream = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ]) {
      sockets.add(socket);
      socket.setNoDelay(true);
      // Where one side breaks, the other one is told by a broken connection too.
      socket.once('error', () => other.destroy());
      socket.once('close', () => sockets.delete(socket));
      socket.pipe(other);
    }
    client.on('data', ({ length }) => {
      counted.sentBytes += length;
      counted.firstAskedAt ??= performance.now();
    });
    upstream.on('data', ({ length }) => {
      counted.receivedBytes += length;
      counted.lastAnsweredAt = performance.now();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    counted,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
