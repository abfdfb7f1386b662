import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

/** Of the headers of an answer only single ones are looked up, in any spelling. */
export interface AnswerHeaders {
  get(name: string): string | null;
}

/** How much of a body is read, in bytes after decompression. */
export interface BodyLimits {
  /** Of a success. A longer body is `too-large`, and none of it is used. */
  readonly bodyBytesMax: number;
  /** Of any other answer. The rest of a longer body is left out, since the status alone says enough. */
  readonly refusalBytesMax: number;
}

/** An answer, read as far as it was asked for. */
export type AnswerEnd =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: AnswerHeaders; readonly body: Buffer }
  | { readonly kind: 'too-large'; readonly status: number; readonly headers: AnswerHeaders };

/** The encodings that are asked for. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/** A map, because the other side chooses the name: an object also has what every object has. */
const DECODERS: ReadonlyMap<string, () => Duplex> = new Map<string, () => Duplex>([
  ['gzip', createGunzip],
  ['x-gzip', createGunzip],
  ['deflate', createInflate],
  ['br', createBrotliDecompress],
]);

/**
 * Reads the body of an answer. `limits` is null if the status is all that counts: then nothing is read, and the connection
 * is closed, because the body may be endless. Rejects if the body of a success breaks off or cannot be decompressed.
 */
export async function readResponse(response: IncomingMessage, limits: BodyLimits | null): Promise<AnswerEnd> {
  const status = response.statusCode ?? 0;
  const headers = toHeaders(response);
  if (limits === null) {
    response.destroy();
    return { kind: 'answer', status, headers, body: Buffer.alloc(0) };
  }
  const body = decompressed(response);
  if (status < 200 || status >= 300) {
    return { kind: 'answer', status, headers, body: await readStart(body, limits.refusalBytesMax) };
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > limits.bodyBytesMax) return { kind: 'too-large', status, headers };
    chunks.push(chunk);
  }
  return { kind: 'answer', status, headers, body: Buffer.concat(chunks, size) };
}

/** As much of a refusal's body as arrives: a broken body must not hide the status. */
async function readStart(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= bytesMax) break;
    }
  } catch {
    // What came before it broke is all there is.
  }
  return Buffer.concat(chunks).subarray(0, bytesMax);
}

function toHeaders({ headers }: IncomingMessage): AnswerHeaders {
  return {
    get: (name) => {
      const value = headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : (value ?? null);
    },
  };
}

/** A body in an encoding that was not asked for stays as it is, and is no JSON. */
function decompressed(response: IncomingMessage): AsyncIterable<Uint8Array> {
  const decoder = DECODERS.get(response.headers['content-encoding']?.toLowerCase() ?? '')?.();
  if (decoder === undefined) return response;
  // A body that breaks off is an error of the decoder, which its reader sees.
  return pipeline(response, decoder, () => {});
}
