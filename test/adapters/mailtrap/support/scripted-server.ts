import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Reply = (response: ServerResponse, request: IncomingMessage) => void;

interface ReceivedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that gives the replies of a script, one per request, the last one again and again. */
export interface ScriptedServer {
  readonly url: string;
  /** All but the check of the account, which has a script of its own. */
  readonly received: readonly ReceivedRequest[];
  readonly checks: readonly ReceivedRequest[];
  close(): Promise<void>;
}

export const ACCOUNT = 3229;
export const TOKEN = 'c0ffee00c0ffee00c0ffee00c0ffee42';

export async function startScriptedServer(replies: readonly Reply[], checks = [confirming]): Promise<ScriptedServer> {
  const received: ReceivedRequest[] = [];
  const checked: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers };
    const [log, script] = seen.path.endsWith('/api/accounts') ? [checked, checks] : [received, replies];
    const body = await textOf(request);
    log.push({ ...seen, body });
    const reply = script[Math.min(log.length, script.length) - 1];
    reply?.(response, request);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    checks: checked,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return text(status, JSON.stringify(value), { 'content-type': 'application/json; charset=utf-8', ...headers });
}

export function text(status: number, body: string | Buffer, headers: Record<string, string> = {}): Reply {
  return (response) => {
    response.writeHead(status, headers).end(body);
  };
}

/** The connection breaks without a word. */
export const reset: Reply = (response) => response.socket?.resetAndDestroy();

/** Nothing ever comes. */
export const silent: Reply = () => {};

/** The check of the account, passed. */
export const confirming = json(200, [{ id: ACCOUNT, name: 'Acme', access_levels: [100] }]);

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
