import type { RetryReason } from './retry-decision.ts';

/** One try of a request, for logs and metrics. It has no header, no body and no id, so no secret. */
export interface RequestEvent {
  readonly method: 'GET' | 'PUT';
  /** The path without its ids: `/api/accounts/{account_id}/permissions/resources`. */
  readonly route: string;
  /** Null if no answer came. */
  readonly status: number | null;
  /** From sending to the end of the body. */
  readonly durationMs: number;
  /** Which try of the request it was, from 1. */
  readonly tries: number;
  /** How long it waited for the rate limit before that. */
  readonly waitedMs: number;
  /** Why grantd sends it again; null if this try was the last. */
  readonly retry: RetryReason | null;
}

/** Gets every try. Its errors are dropped: they must not turn a write that succeeded into one that failed. */
export type RequestObserver = (event: RequestEvent) => void;
