/**
 * What one answer may be at most. Each bound is far above any real account and keeps a broken or hostile answer from
 * taking the process down; an answer beyond one is `api-malformed`, never read in part.
 */
export const LIMITS = {
  /** Bytes of a body after decompression. A list of a million rows is about 70 MB. */
  bodyBytesMax: 256 * 1024 * 1024,
  /** Bytes of an error's body that are looked at; what follows is not read. */
  errorBodyBytesMax: 64 * 1024,
  /** Levels of the resource tree. Three were recorded. */
  treeDepthMax: 64,
  treeNodesMax: 1_000_000,
} as const;

/** How long a connection may take to be made, however long a request may take in all. */
export const CONNECT_MAX_MS = 10_000;

/** The rate limit of a token: 150 requests in 10 s (documented). */
export const RATE_WINDOW_MS = 10_000;

/** A `Retry-After` beyond this is waited for only so long: the next scheduled run comes sooner than an hour. */
export const RETRY_AFTER_MAX_MS = 60_000;
