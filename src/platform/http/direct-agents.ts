import { type AgentOptions, type ClientRequestArgs, Agent as PlainAgent } from 'node:http';
import { Agent as SecureAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import { connectToHost } from './connect-to-host.ts';

/** One more option of a request: it ends the making of a connection, and has no effect once the connection is made. */
export interface GiveUpOption {
  readonly giveUp: AbortSignal;
}

/** What Node hands to `createConnection`: the options of the request, completed. */
export type ConnectionOptions = ClientRequestArgs & GiveUpOption & { readonly host: string };

/** What Node expects of `createConnection` that takes its time. */
export type ConnectionDone = (error: Error | null, connection: Duplex) => void;

/** A pool of connections that are made without a proxy. */
export class DirectPlainAgent extends PlainAgent {
  override createConnection(options: ClientRequestArgs, done?: ConnectionDone): null {
    return connectLater(connectFor(options), done);
  }
}

/** The same with TLS. A connection is handed out after its handshake, so a request can be sent on it at once. */
export class DirectSecureAgent extends SecureAgent {
  override createConnection(options: ClientRequestArgs, done?: ConnectionDone): null {
    const secured = async () => {
      const socket = await connectFor(options);
      // While TLS runs in this socket, the TLS socket reports its errors.
      socket.on('error', () => {});
      const secure = super.createConnection({ ...options, socket } as AgentOptions) as TLSSocket;
      await untilSecure(secure, (options as ConnectionOptions).giveUp);
      return secure;
    };
    return connectLater(secured(), done);
  }
}

/** Hands a connection to a pool of Node once it is made. */
export function connectLater(opening: Promise<Socket>, done: ConnectionDone | undefined): null {
  const fail = done as ((error: unknown) => void) | undefined;
  opening.then((socket) => done?.(null, socket), fail);
  return null;
}

/** Resolves after the TLS handshake and the check of the certificate. Rejects with what failed, and then closes the socket. */
export function untilSecure(socket: TLSSocket, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const closed = () => reject(new Error('the connection was closed before TLS was ready'));
    const stop = () => {
      socket.destroy();
      reject(signal.reason);
    };
    socket.once('error', reject);
    socket.once('close', closed);
    socket.once('secureConnect', () => {
      socket.off('error', reject);
      socket.off('close', closed);
      signal.removeEventListener('abort', stop);
      resolve();
    });
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
}

function connectFor(options: ClientRequestArgs): Promise<Socket> {
  const { host, port, defaultPort, giveUp } = options as ConnectionOptions;
  return connectToHost({ host, port: Number(port ?? defaultPort) }, giveUp);
}
