import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Exactly the bytes that came in. */
  readonly body: Buffer;
}

export interface Receiver {
  /** With a path that nobody may learn. */
  readonly url: string;
  readonly received: readonly Received[];
  /** How many requests were answered to at one time, at most. */
  readonly atOnce: () => number;
  close(): Promise<void>;
}

export const SECRET_PATH = '/hooks/T00000000/B0000secret0000path';

/** A server that gives the replies of a script, one per request, the last one again and again. */
export async function startReceiver(...replies: readonly Reply[]): Promise<Receiver> {
  const received: Received[] = [];
  let open = 0;
  let most = 0;
  const server = createServer(async (request, response) => {
    open += 1;
    most = Math.max(most, open);
    response.once('close', () => {
      open -= 1;
    });
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = '', url = '', headers } = request;
    received.push({ method, path: url, headers, body: Buffer.concat(chunks) });
    const reply = replies[Math.min(received.length, replies.length) - 1] ?? status(200);
    reply(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}${SECRET_PATH}`,
    received,
    atOnce: () => most,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function status(code: number, headers: Readonly<Record<string, string>> = {}): Reply {
  return (response) => {
    response.writeHead(code, headers).end('whatever');
  };
}

/** The connection breaks without a word. */
export const reset: Reply = (response) => response.socket?.resetAndDestroy();

/** Nothing ever comes. */
export const silent: Reply = () => {};

/** A status, and then a body without an end. */
export const endless: Reply = (response) => {
  response.writeHead(200);
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    response.once('drain', more);
  };
  more();
};
