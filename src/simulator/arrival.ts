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

const MIB = 1024 * 1024;
/** Far above any body of the API. */
const BODY_BYTES_MAX = MIB;
/** So much more is read to its end and dropped, so that the client sees the refusal. */
const DROPPED_BYTES_MAX = 15 * MIB;

/** The whole body as text; `undefined` above `bytesMax`. Throws 15 MiB above it, and if the client disconnects first. */
export async function readBody(
  request: IncomingMessage,
  bytesMax: number = BODY_BYTES_MAX,
): Promise<string | undefined> {
  let chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bytesMax + DROPPED_BYTES_MAX) throw new Error('The body is far too large.');
    if (size > bytesMax) chunks = [];
    else chunks.push(chunk);
  }
  return size > bytesMax ? undefined : Buffer.concat(chunks).toString();
}
