import { once } from 'node:events';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';

/** What a proxy does with a CONNECT. */
export type ProxyManner = 'tunnels' | 'silent' | 'hangs-up' | { readonly says: string };

/** A proxy that opens every tunnel to one port of this machine, whatever host it is asked for. */
export interface TestProxy {
  readonly port: number;
  /** Each request: a CONNECT with its credentials, and any other with its whole address. */
  readonly asked: string[];
  /** The connections that are open to it. */
  readonly open: ReadonlySet<Socket>;
  manner: ProxyManner;
  close(): void;
}

export async function startProxy(
  originPort: number,
  tls?: { readonly key: string; readonly cert: string },
): Promise<TestProxy> {
  const open = new Set<Socket>();
  const server: Server = tls ? createSecureServer(tls) : createPlainServer();
  const proxy: TestProxy = {
    port: await listen(server),
    asked: [],
    open,
    manner: 'tunnels',
    close: () => {
      for (const socket of open) socket.destroy();
      server.close();
    },
  };
  server.on(tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    open.add(socket.on('close', () => open.delete(socket)).on('error', () => {}));
  });
  server.on('request', (request, response) => {
    proxy.asked.push(`${request.method} ${request.url}`);
    response.end();
  });
  server.on('connect', (request, socket, head) => {
    proxy.asked.push(`CONNECT ${request.url} ${request.headers['proxy-authorization'] ?? ''}`.trim());
    const { manner } = proxy;
    // A server keeps half of a connection open whose other half was closed.
    socket.on('end', () => socket.destroy());
    if (manner === 'silent') return void socket.resume();
    if (manner === 'hangs-up') return void socket.destroy();
    if (manner !== 'tunnels') return void socket.end(manner.says);
    const tunnel = connect(originPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      tunnel.write(head);
      tunnel.pipe(socket).pipe(tunnel);
    });
    tunnel.on('error', () => socket.destroy()).on('close', () => socket.destroy());
    socket.on('error', () => tunnel.destroy()).on('close', () => tunnel.destroy());
  });
  return proxy;
}

/** Lets a server listen on a free port of loopback. */
export async function listen(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
