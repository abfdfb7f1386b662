import type { GrantLevel } from '../account/access-level.ts';
import type { AccountAccess, ApiToken } from '../account/actual-state.ts';
import type { ResourceId } from '../account/resource.ts';
import type { ListedResource } from '../account/resource-tree.ts';
import type { Instant } from '../text/instant.ts';
import type { WritePermit } from './lease.ts';

/** One answer, decoded. `serverTime` is its `Date` header in epoch ms, or null where it sent none. */
export interface TimedValue<T> {
  readonly value: T;
  readonly serverTime: Instant | null;
}

/**
 * Reads one account.
 * - must throw `GrantdError` for an answer that fails or cannot be decoded whole: never a part of it
 * - must not keep, return or print the secret of any token
 * - may repeat a read
 */
export interface AccountReader {
  /** Throws `wrong-account` unless the token is admin or owner of the account. Asks once per token. */
  confirmAccount(signal: AbortSignal): Promise<void>;
  readResources(signal: AbortSignal): Promise<TimedValue<readonly ListedResource[]>>;
  readAccesses(signal: AbortSignal): Promise<TimedValue<readonly AccountAccess[]>>;
  readApiTokens(signal: AbortSignal): Promise<TimedValue<readonly ApiToken[]>>;
}

/** One row of a bulk PUT: a level to set, or null to remove the row. */
export interface RowWrite {
  readonly resource: ResourceId;
  readonly level: GrantLevel | null;
}

/** What the API answered to a write. It proves nothing: only a re-read does (documented). */
export interface WriteReceipt {
  readonly status: number;
  readonly requestId: string | null;
  /** Its `Date` header, or null where it sent none. */
  readonly serverTime: Instant | null;
}

/**
 * Writes to one account.
 * - must send the rows of one call in one bulk PUT, in the order given
 * - must not repeat a request that may have taken effect
 * - must throw `ApiError` with `mayHaveTakenEffect` when the answer is not 2xx
 * - must ask the permit, where one is given, right before each time it sends, and not wait longer for the answer than that says
 */
export interface AccountWriter {
  writeRows(
    access: number,
    rows: readonly RowWrite[],
    signal: AbortSignal,
    permit?: WritePermit,
  ): Promise<WriteReceipt>;
}

/** Time, handed in so that tests own it. */
export interface Clock {
  now(): Instant;
  /** Resolves after so many milliseconds; rejects with the signal's reason when it aborts. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}
