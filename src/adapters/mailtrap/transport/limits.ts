/**
 * What grantd reads of one answer at most. Each bound is far above any real account. It keeps a broken or hostile answer
 * from ending the process. A list beyond one is `api-malformed`; grantd never uses a part of it.
 */
export const MAILTRAP_LIMITS = {
  /** Bytes of a body after decompression. A list of a million rows is about 70 MB. */
  bodyBytesMax: 256 * 1024 * 1024,
  /** Bytes of the body of any other answer. grantd does not read the rest. */
  refusalBytesMax: 64 * 1024,
  /** Levels of the resource tree. Three were recorded. */
  treeDepthMax: 64,
  treeNodesMax: 1_000_000,
  /** Pages of one list. No paging is documented. */
  pagesMax: 100,
} as const;

/** How long the making of a connection may take, however long a request may take in all. */
export const CONNECT_MAX_MS = 10_000;

/** The rate limit of a token: 150 requests in 10 s (documented). */
export const RATE_WINDOW_MS = 10_000;

/** The longest wait for a `Retry-After`: the next scheduled run usually comes within the hour. */
export const RETRY_AFTER_MAX_MS = 60_000;
