import type { IncomingMessage } from 'node:http';
import { type Duplex, pipeline } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';
import { systemCode } from '../system-code.ts';

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
  | { readonly kind: 'too-large'; readonly status: number; readonly headers: AnswerHeaders }
  /** The body of a success is not in the encoding that its headers name. `encoding` is as they spell it. */
  | {
      readonly kind: 'undecodable';
      readonly status: number;
      readonly headers: AnswerHeaders;
      readonly encoding: string;
    };

/** The encodings that are asked for. */
export const ACCEPTED_ENCODINGS = 'gzip, deflate, br';

/** A map, because the other side chooses the name: an object also has what every object has. */
const DECODERS: ReadonlyMap<string, (first: number) => Duplex> = new Map<string, (first: number) => Duplex>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  // Some servers leave out the header of zlib, whose first byte ends in the bits of 8. No raw deflate begins so.
  ['deflate', (first) => ((first & 0x0f) === 8 ? createInflate() : createInflateRaw())],
  ['br', () => createBrotliDecompress()],
]);

/**
 * Reads the body of an answer. `limits` is null if the status is all that counts: then nothing is read, and the connection
 * is closed, because the body may be endless. Rejects if the body of a success breaks off.
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
  try {
    const whole = await readWhole(body, limits.bodyBytesMax);
    return whole === null ? { kind: 'too-large', status, headers } : { kind: 'answer', status, headers, body: whole };
  } catch (error) {
    if (!isOtherEncoding(error)) throw error;
    return { kind: 'undecodable', status, headers, encoding: encodingOf(headers) };
  }
}

/** Null if it is longer than `bytesMax`. */
async function readWhole(body: AsyncIterable<Uint8Array>, bytesMax: number): Promise<Buffer | null> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > bytesMax) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
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

/** The encoding of a body, if it is one that no request asks for; null otherwise. */
export function unaskedEncoding(headers: AnswerHeaders): string | null {
  const encoding = encodingOf(headers);
  return encoding === '' || encoding === 'identity' || DECODERS.has(encoding) ? null : encoding;
}

function encodingOf(headers: AnswerHeaders): string {
  return (headers.get('content-encoding') ?? '').trim().toLowerCase();
}

/** A body in an encoding that was not asked for stays as it is: it is no JSON. */
function decompressed(response: IncomingMessage): AsyncIterable<Uint8Array> {
  const makeDecoder = DECODERS.get(encodingOf(toHeaders(response)));
  return makeDecoder === undefined ? response : decode(response, makeDecoder);
}

async function* decode(body: AsyncIterable<Uint8Array>, makeDecoder: (first: number) => Duplex) {
  const chunks = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  const whole = async function* () {
    if (first.done) return;
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  // A body that breaks off is an error of the decoder, which its reader sees.
  yield* pipeline(whole, makeDecoder(first.done ? 0 : (first.value[0] ?? 0)), () => {});
}

/** Whether a decoder found other bytes than its encoding has. A body that ends too early has broken off. */
function isOtherEncoding(error: unknown): boolean {
  return /^(?:Z_DATA_ERROR|Z_NEED_DICT|ERR__ERROR_FORMAT)/.test(systemCode(error));
}
