import { getHeapStatistics } from 'node:v8';

const HEAP_BYTES = getHeapStatistics().heap_size_limit;

/**
 * What grantd reads of one answer at most. Each bound is far above any real account that fits the memory of the process. It
 * keeps a broken or hostile answer from ending the process. A list beyond one is `api-malformed`; grantd never uses a part of it.
 */
export const MAILTRAP_LIMITS = {
  /** Bytes of a body after decompression. Three bodies can be in memory at once, as bytes and as text. A million rows are about 70 MB. */
  bodyBytesMax: Math.min(256 * 2 ** 20, Math.floor(HEAP_BYTES / 8)),
  /** JSON values of a body. A value takes up to 120 bytes of the heap: `{"k1":1},` is two of them. */
  bodyValuesMax: Math.floor(HEAP_BYTES / 256),
  /** Bytes of the body of any other answer. grantd does not read the rest. */
  refusalBytesMax: 64 * 1024,
  /** Levels of the resource tree. Three were recorded. */
  treeDepthMax: 64,
  treeNodesMax: 1_000_000,
  /** Pages of one list. No paging is documented. */
  pagesMax: 100,
} as const;

/** The end of the message for an answer beyond one of the two limits that depend on the memory. */
export const MEMORY_HINT = '; if the account is really that large, give grantd more memory';

/** How long the making of a connection may take, however long a request may take in all. */
export const CONNECT_MAX_MS = 10_000;

/** The rate limit of a token: 150 requests in 10 s (documented). */
export const RATE_WINDOW_MS = 10_000;

/** The longest wait for a `Retry-After`: the next scheduled run usually comes within the hour. */
export const RETRY_AFTER_MAX_MS = 60_000;
