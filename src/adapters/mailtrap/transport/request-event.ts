import type { RetryReason } from './retry-decision.ts';

/** One request that was sent once, for logs and metrics. Holds no header, no body and no id, so no secret. */
export interface RequestEvent {
  readonly method: 'GET' | 'PUT';
  /** The path with its ids left open: `/api/accounts/{account_id}/permissions/resources`. */
  readonly route: string;
  /** Null where no answer came. */
  readonly status: number | null;
  /** From sending to the end of the body. */
  readonly durationMs: number;
  /** Which try of the request it was, from 1. */
  readonly tries: number;
  /** How long it waited for the rate limit before. */
  readonly waitedMs: number;
  /** Why it is sent again; null where this try was the last. */
  readonly retry: RetryReason | null;
}

/** Is told of every try. What it throws is dropped: it must not turn a write that was done into one that failed. */
export type RequestObserver = (event: RequestEvent) => void;
