import type { IncomingMessage } from 'node:http';

/** A request of the API as it arrived, before anybody asked whose it is. */
export interface Arrival {
  readonly method: string;
  /** The path with its query, as sent: nothing is decoded or normalised, so `..` leads nowhere. */
  readonly url: string;
  /** The secret it came with; `undefined` without one, and with both headers at once. */
  readonly secret: string | undefined;
  readonly isJson: boolean;
  /** `undefined` for a body that is too large. */
  readonly text: string | undefined;
}

export function readArrival(request: IncomingMessage, text: string | undefined): Arrival {
  const { method = 'GET', url = '/', headers } = request;
  const isJson = /\bjson\b/i.test(headers['content-type'] ?? '');
  return { method, url, secret: secretOf(headers), isJson, text };
}

/** Contract: one of the two headers, never both; both at once is taken for a wrong login (assumed). */
function secretOf({ authorization, 'api-token': apiToken }: IncomingMessage['headers']): string | undefined {
  if (authorization === undefined) return typeof apiToken === 'string' ? apiToken : undefined;
  if (apiToken !== undefined) return undefined;
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
}

/** Far above any body of the API or of the control calls; also what a seed over HTTP may have. */
const KEPT_BYTES_MAX = 1024 * 1024;
/** Up to here a body that is too large is read to its end and thrown away, so that the client sees the refusal. */
const READ_BYTES_MAX = 16 * 1024 * 1024;

/** The whole body as text; `undefined` when it is over 1 MiB. Throws over 16 MiB, and when the client goes away first. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > READ_BYTES_MAX) throw new Error('The body is far too large.');
    if (size > KEPT_BYTES_MAX) chunks = [];
    else chunks.push(chunk);
  }
  return size > KEPT_BYTES_MAX ? undefined : Buffer.concat(chunks).toString();
}
