import { EventEmitter } from 'node:events';
import { type AgentOptions, type ClientRequest, type ClientRequestArgs, Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import { isIPv6, type LookupFunction, type Socket } from 'node:net';
import { checkServerIdentity, type PeerCertificate, TLSSocket } from 'node:tls';
import { HttpsProxyAgent } from 'https-proxy-agent';
import { answeringAddress } from './connect-to-host.ts';
import { type ConnectionDone, type ConnectionOptions, connectLater, untilSecure } from './direct-agents.ts';
import { ProxyRefusal, type ProxyServer } from './proxies.ts';

/** The pools of connections through one proxy. */
export interface Tunnels {
  readonly plain: PlainAgent;
  readonly secure: SecureAgent;
}

/** Makes pools whose connections are tunnels through the proxy. Nothing is sent yet. */
export function makeTunnels(proxy: ProxyServer, pool: AgentOptions): Tunnels {
  return { plain: new PlainTunnels(proxy, pool), secure: new SecureTunnels(proxy, pool) };
}

class PlainTunnels extends PlainAgent {
  readonly #proxy: ProxyServer;

  constructor(proxy: ProxyServer, pool: AgentOptions) {
    super(pool);
    this.#proxy = proxy;
  }

  override createConnection(options: ClientRequestArgs, done?: ConnectionDone): null {
    return connectLater(openTunnel(this.#proxy, options as ConnectionOptions, false), done);
  }
}

class SecureTunnels extends SecureAgent {
  readonly #proxy: ProxyServer;

  constructor(proxy: ProxyServer, pool: AgentOptions) {
    super(pool);
    this.#proxy = proxy;
  }

  override createConnection(options: ClientRequestArgs, done?: ConnectionDone): null {
    return connectLater(openTunnel(this.#proxy, options as ConnectionOptions, true), done);
  }
}

/**
 * A connection to `host` through the proxy. If it is secure, it is made only after the TLS handshake and the check of the
 * certificate, so that a request can be sent on it at once. Rejects with what failed, and then leaves nothing open.
 */
async function openTunnel(proxy: ProxyServer, options: ConnectionOptions, isSecure: boolean): Promise<Socket> {
  const { giveUp, host } = options;
  const making = new AbortController();
  const stop = () => making.abort();
  giveUp.addEventListener('abort', stop, { once: true });
  if (giveUp.aborted) stop();
  try {
    const { socket, status, carrier } = await askProxy(proxy, making.signal, {
      ...options,
      secureEndpoint: isSecure,
      // Inside a tunnel Node would compare a certificate with the name of the proxy if the host is an IP address.
      checkServerIdentity: (_: string, certificate: PeerCertificate) => checkServerIdentity(host, certificate),
    });
    if (status !== 200) {
      socket.destroy();
      throw new ProxyRefusal(status);
    }
    if (socket instanceof TLSSocket) await untilSecure(socket, making.signal);
    carrier.emit('socket', socket);
    return socket;
  } finally {
    giveUp.removeEventListener('abort', stop);
  }
}

/**
 * Sends CONNECT. Each connection gets an agent of its own, because only the options of an agent can end a CONNECT that
 * hangs. The agent gets no password, because it prints its URL if DEBUG is set.
 */
async function askProxy({ url, authorization }: ProxyServer, signal: AbortSignal, options: object) {
  const carrier = new EventEmitter();
  let status = 0;
  carrier.on('proxyConnect', ({ statusCode }: { readonly statusCode: number }) => {
    status = statusCode;
  });
  // While TLS runs in this socket, the TLS socket reports its errors.
  carrier.on('proxy', ({ socket }: { readonly socket: Socket }) => socket.on('error', () => {}));
  const headers = authorization === null ? {} : { 'Proxy-Authorization': authorization };
  const lookup = lookUpAnswering(Number(url.port || (url.protocol === 'https:' ? 443 : 80)), signal);
  const agent = new HttpsProxyAgent(url, { keepAlive: true, signal, headers, lookup });
  type Connect = Parameters<typeof agent.connect>;
  const socket = await agent.connect(carrier as unknown as ClientRequest, options as Connect[1]);
  return { socket, status, carrier };
}

/**
 * The package connects to the proxy by itself, and Node would give each of several addresses 250 ms. So it gets the one that
 * answers. A proxy with several addresses sees one more connection, which is closed at once.
 */
function lookUpAnswering(port: number, signal: AbortSignal): LookupFunction {
  return (host, { all }, done) => {
    answeringAddress({ host, port }, signal).then(
      (address) => {
        const family = isIPv6(address) ? 6 : 4;
        if (all) done(null, [{ address, family }]);
        else done(null, address, family);
      },
      (error) => done(error, ''),
    );
  };
}
