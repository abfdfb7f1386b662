import type { Clock } from '../../core/domain/run/ports.ts';
import type { AnswerHeaders } from '../../platform/http/answer.ts';
import { type Proxies, ProxyRefusal } from '../../platform/http/proxies.ts';
import { type SendEnd, sendOnce } from '../../platform/http/send-once.ts';
import { systemCode } from '../../platform/system-code.ts';
import type { Letter } from './message.ts';
import { type NotifyTarget, packLetter } from './target.ts';

/** How one try ended. `waitMs`: how long the receiver asks to wait before the next. `reason` contains no secret. */
export type TryEnd =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly waitMs: number | null };

/** How long one try may take, in milliseconds. */
export const TRY_TIMEOUT_MS = 10_000;

/** The longest wait that a receiver can ask for, in milliseconds. */
export const RETRY_AFTER_MOST_MS = 60_000;

/** Sends a notification once. Never rejects. `signal` ends it early. */
export async function deliverOnce(
  target: NotifyTarget,
  letter: Letter,
  { proxies, clock, signal }: { readonly proxies: Proxies; readonly clock: Clock; readonly signal: AbortSignal },
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
  const outgoing = { method: 'POST', headers, body } as const;
  // The clock ends a try, and of the answer only the status counts.
  const sent = await sendOnce(url, outgoing, { signal: late.signal, timeoutMs: null, limits: null, proxies });
  over.abort();
  signal.removeEventListener('abort', end);
  return sent.kind === 'answer' ? judge(sent, clock.now()) : { kind: 'failed', reason: reasonOf(sent), waitMs: null };
}

/** No sentence of the system: it would contain the address. */
function reasonOf(end: SendEnd): string {
  if (end.kind !== 'unreachable') return `no answer within ${TRY_TIMEOUT_MS / 1000} s`;
  if (end.cause instanceof ProxyRefusal) return `no connection (${end.cause.message})`;
  const code = systemCode(end.cause);
  return code === 'unknown' ? 'no connection' : `no connection (${code})`;
}

function judge({ status, headers }: { readonly status: number; readonly headers: AnswerHeaders }, now: number): TryEnd {
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const reason = `HTTP ${status}`;
  if (status === 429 || status >= 500) return { kind: 'failed', reason, waitMs: retryAfterMs(headers, now) };
  const isRedirect = status >= 300 && status < 400;
  return { kind: 'refused', reason: isRedirect ? `${reason}, a redirect, which is never followed` : reason };
}

/** `Retry-After`, in seconds or as a date; null if there is none that can be read. */
function retryAfterMs(headers: AnswerHeaders, now: number): number | null {
  const value = headers.get('retry-after')?.trim() ?? '';
  const askedMs = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isNaN(askedMs) ? null : Math.min(RETRY_AFTER_MOST_MS, Math.max(0, askedMs));
}
