import { type IncomingMessage, type RequestOptions, request as requestPlain } from 'node:http';
import { request as requestSecure } from 'node:https';
import { LIMITS } from './limits.ts';

/** How one request that was sent once ended. */
export type Exchange =
  | { readonly kind: 'answer'; readonly status: number; readonly body: string }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'stopped' }
  | { readonly kind: 'unreachable'; readonly code: string };

export interface Outgoing {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  readonly ca: string | null;
  /** For the whole of it, the answer included. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** Sends one request once and reads its answer whole. Nothing is thrown; redirects are answers, and are not followed. */
export function exchange(url: URL, { method, headers, body, ca, timeoutMs, signal }: Outgoing): Promise<Exchange> {
  if (signal.aborted) return Promise.resolve({ kind: 'stopped' });
  return new Promise((resolve) => {
    const send = url.protocol === 'https:' ? requestSecure : requestPlain;
    const options: RequestOptions & { ca?: string } = { method, headers, ...(ca === null ? {} : { ca }) };
    const request = send(url, options, (response) => void readAnswer(response).then(end, fail));
    const stop = () => end({ kind: 'stopped' });
    const timer = setTimeout(() => end({ kind: 'timeout' }), timeoutMs);
    signal.addEventListener('abort', stop, { once: true });
    request.on('error', fail);
    request.end(body ?? undefined);

    function fail(error: unknown): void {
      end({ kind: 'unreachable', code: codeOf(error) });
    }

    /** The first end counts: destroying the request makes it fail as well. */
    function end(how: Exchange): void {
      clearTimeout(timer);
      signal.removeEventListener('abort', stop);
      resolve(how);
      if (how.kind !== 'answer') request.destroy();
    }
  });
}

async function readAnswer(response: IncomingMessage): Promise<Exchange> {
  const status = response.statusCode ?? 0;
  const isGood = status >= 200 && status < 300;
  const most = isGood ? LIMITS.bodyBytesMax : LIMITS.refusalBytesMax;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > most && isGood) return { kind: 'too-large' };
    chunks.push(chunk);
    if (size > most) break;
  }
  return { kind: 'answer', status, body: Buffer.concat(chunks).subarray(0, most).toString('utf8') };
}

/** What the system or the TLS library calls it: a word such as `ECONNREFUSED`, never a text that may hold anything. */
function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return /^[A-Z0-9_]{1,60}$/.test(code) ? code : 'unknown';
}
