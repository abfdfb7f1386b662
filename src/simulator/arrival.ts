import type { IncomingMessage } from 'node:http';

/** An API request as it arrived, before authentication. */
export interface Arrival {
  readonly method: string;
  /** The path with its query, as sent. Nothing is decoded or normalised, so `..` has no effect. */
  readonly url: string;
  /** The secret of the request; `undefined` without one, and if both headers are set. */
  readonly secret: string | undefined;
  readonly isJson: boolean;
  /** `undefined` for a body that is too large. */
  readonly text: string | undefined;
}

/** Reads the parts of a request that an API call needs. */
export function readArrival(request: IncomingMessage, text: string | undefined): Arrival {
  const { method = 'GET', url = '/', headers } = request;
  const isJson = /\bjson\b/i.test(headers['content-type'] ?? '');
  return { method, url, secret: secretOf(headers), isJson, text };
}

/** Contract: one of the two headers, never both. Both at once count as a wrong login (assumed). */
function secretOf({ authorization, 'api-token': apiToken }: IncomingMessage['headers']): string | undefined {
  if (authorization === undefined) return typeof apiToken === 'string' ? apiToken : undefined;
  if (apiToken !== undefined) return undefined;
  return /^Bearer +(\S+) *$/i.exec(authorization)?.[1];
}

/** Far above any body of the API or of a control call. Also the limit of a seed over HTTP. */
const KEPT_BYTES_MAX = 1024 * 1024;
/** Up to this size, a body that is too large is read to its end and dropped, so that the client sees the refusal. */
const READ_BYTES_MAX = 16 * 1024 * 1024;

/** The whole body as text; `undefined` above 1 MiB. Throws above 16 MiB, and if the client disconnects first. */
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
