import { LIMITS } from './limits.ts';
import type { Fetch, FetchInit } from './pick-fetch.ts';
import { wasSent } from './was-sent.ts';

/** How one request that was sent once ended. Nothing is thrown: every end is a value. */
export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: Headers; readonly body: Buffer }
  | { readonly kind: 'too-large'; readonly status: number; readonly headers: Headers }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'stopped'; readonly sent: boolean }
  | { readonly kind: 'unreachable'; readonly sent: boolean; readonly cause: unknown };

export interface ExchangeOptions {
  readonly fetch: Fetch;
  /** For the whole of it, the body included. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Sends one request once and reads its answer whole. Redirects are answers: following one could carry the token away. */
export async function exchange(
  url: URL,
  init: Omit<FetchInit, 'redirect' | 'signal'>,
  { fetch, timeoutMs, signal }: ExchangeOptions,
): Promise<Exchange> {
  const ended = new AbortController();
  let isTimeout = false;
  const stop = () => ended.abort();
  const timer = setTimeout(() => {
    isTimeout = true;
    ended.abort();
  }, timeoutMs);
  // Not AbortSignal.any: on a signal that lives as long as the daemon, each one made of it stays behind.
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) return { kind: 'stopped', sent: false };
    return await readAnswer(await fetch(url, { ...init, redirect: 'manual', signal: ended.signal }));
  } catch (error) {
    if (signal.aborted) return { kind: 'stopped', sent: true };
    return isTimeout || isTimeoutOfFetch(error) ? { kind: 'timeout' } : unreachable(error);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function readAnswer(response: Response): Promise<Exchange> {
  const { status, headers } = response;
  if (!response.ok) return { kind: 'answer', status, headers, body: await readStart(response) };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.length;
    if (size > LIMITS.bodyBytesMax) return { kind: 'too-large', status, headers };
    chunks.push(chunk);
  }
  return { kind: 'answer', status, headers, body: Buffer.concat(chunks, size) };
}

/** As much of an error's body as arrives: the status alone says enough, so a broken body must not hide it. */
async function readStart(response: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of response.body ?? []) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= LIMITS.errorBodyBytesMax) break;
    }
  } catch {
    // What came before it broke is all there is.
  }
  return Buffer.concat(chunks).subarray(0, LIMITS.errorBodyBytesMax);
}

function unreachable(cause: unknown): Exchange {
  return { kind: 'unreachable', sent: wasSent(cause), cause };
}

/** The limits that fetch has of its own, should ours be set above them. */
function isTimeoutOfFetch(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
}
