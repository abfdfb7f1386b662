import type { IncomingMessage } from 'node:http';

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
