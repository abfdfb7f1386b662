import { RATE_WINDOW_MS, RETRY_AFTER_MAX_MS } from './limits.ts';

/** How one try failed. `sent` is false only if nothing was sent, so that the API cannot have acted. */
export type TryFailure =
  | { readonly kind: 'status'; readonly status: number; readonly retryAfterMs: number | null }
  | { readonly kind: 'unreachable'; readonly sent: boolean }
  | { readonly kind: 'timeout' };

/** Why a request is sent again; a label of metrics. */
export type RetryReason = 'rate-limited' | 'server-error' | 'unreachable' | 'timeout';

export interface FailedTry {
  readonly method: 'GET' | 'PUT';
  readonly failure: TryFailure;
  /** How many times it was sent, this one included. */
  readonly tries: number;
  readonly triesMax: number;
  /** 0 up to 1, for the jitter. */
  readonly random: number;
}

/** Null: grantd does not try again. */
export type RetryDecision = { readonly reason: RetryReason; readonly waitMs: number } | null;

const BACKOFF_FIRST_MS = 1_000;
const BACKOFF_MAX_MS = 10_000;
/** Spreads requests that one limit stopped together. It comes on top of the wait that the API asked for. */
const JITTER_MAX_MS = 2_500;

/**
 * Decides whether grantd sends a request again, and when. It may always repeat a read. It repeats a write only if the API
 * surely did not act: the API refused it for the rate limit, or nothing was sent.
 */
export function decideRetry({ method, failure, tries, triesMax, random }: FailedTry): RetryDecision {
  const reason = reasonFor(failure);
  if (reason === null || tries >= triesMax) return null;
  if (method === 'PUT' && mayHaveActed(failure)) return null;
  return { reason, waitMs: waitFor(failure, tries, random) };
}

/** False only if the API surely did not act on the request. */
export function mayHaveActed(failure: TryFailure): boolean {
  if (failure.kind === 'status') return failure.status !== 429;
  return failure.kind === 'timeout' || failure.sent;
}

function reasonFor(failure: TryFailure): RetryReason | null {
  if (failure.kind !== 'status') return failure.kind;
  if (failure.status === 429) return 'rate-limited';
  return failure.status >= 500 ? 'server-error' : null;
}

function waitFor(failure: TryFailure, tries: number, random: number): number {
  const asked = failure.kind === 'status' ? failure.retryAfterMs : null;
  if (asked !== null) return Math.min(asked, RETRY_AFTER_MAX_MS) + random * JITTER_MAX_MS;
  if (failure.kind === 'status' && failure.status === 429) return RATE_WINDOW_MS + random * JITTER_MAX_MS;
  return random * Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (tries - 1));
}
