/** Documented: 150 requests per 10 s per token. */
export interface RateLimitOptions {
  readonly requests: number;
  readonly windowMs: number;
}

/** The state of the rate limit after a request. */
export interface Quota {
  readonly limit: number;
  readonly remaining: number;
  readonly allowed: boolean;
}

/** The documented rate limit of Mailtrap. */
export const DOCUMENTED_RATE_LIMIT: RateLimitOptions = { requests: 150, windowMs: 10_000 };

/**
 * A sliding window per caller: a request is allowed if fewer than `requests` were allowed in the `windowMs` before
 * it. Refused requests do not count. The documentation does not name the kind of window. A client that respects this
 * window also respects a fixed one.
 */
export class RateLimit {
  readonly #options: RateLimitOptions | 'off';
  readonly #allowedAtByCaller = new Map<string, number[]>();

  constructor(options: RateLimitOptions | 'off') {
    this.#options = options;
  }

  /** Counts one request of a caller. If the limit is off, the headers say that nothing was used. */
  take(caller: string, now: number): Quota {
    if (this.#options === 'off') {
      const limit = DOCUMENTED_RATE_LIMIT.requests;
      return { limit, remaining: limit, allowed: true };
    }
    const { requests: limit, windowMs } = this.#options;
    // If the clock was set back, a caller must not be locked out until it has caught up.
    const recent = (this.#allowedAtByCaller.get(caller) ?? []).filter((at) => at > now - windowMs && at <= now);
    const allowed = recent.length < limit;
    if (allowed) recent.push(now);
    this.#allowedAtByCaller.set(caller, recent);
    return { limit, remaining: limit - recent.length, allowed };
  }
}
