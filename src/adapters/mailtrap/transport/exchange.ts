import { CONNECT_MAX_MS, LIMITS } from './limits.ts';
import { type AnswerHeaders, HeldBack, type Incoming, type Outgoing, type Send } from './send.ts';
import { wasSent } from './was-sent.ts';

/** How one request that was sent once ended. Nothing is thrown: every end is a value. */
export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly headers: AnswerHeaders; readonly body: Buffer }
  | { readonly kind: 'too-large'; readonly status: number; readonly headers: AnswerHeaders }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'stopped'; readonly sent: boolean }
  | { readonly kind: 'unreachable'; readonly sent: boolean; readonly cause: unknown };

/** A request that was not allowed to leave is no exchange. */
export type Ended = Exchange | { readonly kind: 'held-back' };

export interface ExchangeOptions {
  readonly send: Send;
  /** For the whole of it, the body included. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** Asked when nothing stands between the request and its way any more. */
  readonly mayLeave: () => boolean;
}

/** Sends one request once and reads its answer whole. Redirects are answers: following one could carry the token away. */
export async function exchange(
  url: URL,
  request: Pick<Outgoing, 'method' | 'headers' | 'body'>,
  { send, timeoutMs, signal, mayLeave }: ExchangeOptions,
): Promise<Ended> {
  if (signal.aborted) return { kind: 'stopped', sent: false };
  const ended = new AbortController();
  let hasLeft = false;
  let isLate = false;
  const stop = () => ended.abort();
  const tooLate = () => {
    isLate = true;
    ended.abort();
  };
  const timer = setTimeout(tooLate, timeoutMs);
  const connecting = setTimeout(() => hasLeft || tooLate(), CONNECT_MAX_MS);
  // Not AbortSignal.any: on a signal that lives as long as the daemon, each one made of it stays behind.
  signal.addEventListener('abort', stop, { once: true });
  const leave = () => {
    hasLeft = mayLeave();
    return hasLeft;
  };
  try {
    return await readAnswer(await send(url, { ...request, signal: ended.signal, mayLeave: leave }));
  } catch (error) {
    if (error instanceof HeldBack) return { kind: 'held-back' };
    if (signal.aborted) return { kind: 'stopped', sent: hasLeft };
    if (isLate && !hasLeft) return { kind: 'unreachable', sent: false, cause: new Error('no connection in time') };
    if (isLate || isTimeoutOfFetch(error)) return { kind: 'timeout' };
    return { kind: 'unreachable', sent: hasLeft && wasSent(error), cause: error };
  } finally {
    clearTimeout(timer);
    clearTimeout(connecting);
    signal.removeEventListener('abort', stop);
  }
}

async function readAnswer({ status, headers, body }: Incoming): Promise<Exchange> {
  const isSuccess = status >= 200 && status < 300;
  if (!isSuccess) return { kind: 'answer', status, headers, body: await readStart(body) };
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > LIMITS.bodyBytesMax) return { kind: 'too-large', status, headers };
    chunks.push(chunk);
  }
  return { kind: 'answer', status, headers, body: Buffer.concat(chunks, size) };
}

/** As much of an error's body as arrives: the status alone says enough, so a broken body must not hide it. */
async function readStart(body: Incoming['body']): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= LIMITS.errorBodyBytesMax) break;
    }
  } catch {
    // What came before it broke is all there is.
  }
  return Buffer.concat(chunks).subarray(0, LIMITS.errorBodyBytesMax);
}

/** The limits that undici has of its own, should ours be set above them. */
function isTimeoutOfFetch(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
}
