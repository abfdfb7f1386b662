import type { Clock } from '../../core/domain/run/ports.ts';
import type { Letter } from './notification.ts';
import { type NotifyTarget, packLetter } from './target.ts';

/** The part of fetch that is used here. */
export type NotifyFetch = (
  url: URL,
  init: {
    readonly method: 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<Response>;

/** How one try ended. `waitMs` is what the other side asks for before the next; `reason` holds no secret. */
export type TryEnd =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly waitMs: number | null };

/** How long one try may take. */
export const TRY_TIMEOUT_MS = 10_000;

/** Longest wait that the other side can ask for. */
export const RETRY_AFTER_MOST_MS = 60_000;

/** Sends a letter once. Never rejects. `signal` ends it early. */
export async function deliverOnce(
  target: NotifyTarget,
  letter: Letter,
  { fetch, clock, signal }: { readonly fetch: NotifyFetch; readonly clock: Clock; readonly signal: AbortSignal },
): Promise<TryEnd> {
  const parcel = packLetter(target, letter);
  if ('misfit' in parcel) return { kind: 'failed', reason: parcel.misfit, waitMs: null };
  const { url, headers, body } = parcel;
  const late = new AbortController();
  const over = new AbortController();
  const end = () => late.abort();
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  clock.sleep(TRY_TIMEOUT_MS, over.signal).then(end, () => {});
  try {
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal: late.signal });
    // Nothing of the answer is read: its status says it all, and its body may be without an end.
    await response.body?.cancel().catch(() => {});
    return judge(response, clock.now());
  } catch (error) {
    const reason = late.signal.aborted
      ? `no answer within ${TRY_TIMEOUT_MS / 1000} s`
      : `no connection${codeOf(error)}`;
    return { kind: 'failed', reason, waitMs: null };
  } finally {
    over.abort();
    signal.removeEventListener('abort', end);
  }
}

function judge({ status, headers }: Response, now: number): TryEnd {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const reason = `HTTP ${status}`;
  if (status === 429 || status >= 500) return { kind: 'failed', reason, waitMs: retryAfterMs(headers, now) };
  const isRedirect = status >= 300 && status < 400;
  return { kind: 'refused', reason: isRedirect ? `${reason}, a redirect, which is never followed` : reason };
}

/** `Retry-After`, in seconds or as a date; null where there is none that can be read. */
function retryAfterMs(headers: Headers, now: number): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  const askedMs = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(askedMs) ? null : Math.min(RETRY_AFTER_MOST_MS, Math.max(0, askedMs));
}

/** The system's word for what happened; its sentence would hold the address. */
function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return /^[A-Z][A-Z0-9_]{1,40}$/.test(code) ? ` (${code})` : '';
}
