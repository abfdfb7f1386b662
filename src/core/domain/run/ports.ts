import type { GrantLevel } from '../account/access-level.ts';
import type { AccountAccess, ApiToken } from '../account/actual-state.ts';
import type { ResourceId } from '../account/resource.ts';
import type { ListedResource } from '../account/resource-tree.ts';
import type { Instant } from '../text/instant.ts';
import type { WritePermit } from './lease.ts';

/** A decoded answer. `serverTime` is its `Date` header in epoch ms, or null without one. */
export interface TimedValue<T> {
  readonly value: T;
  readonly serverTime: Instant | null;
}

/**
 * Reads one account.
 * - must throw `GrantdError` if a request fails or an answer cannot be decoded completely; never returns a part
 * - must not keep, return or print the secret of any token
 * - may repeat a read
 */
export interface AccountReader {
  /** Throws `wrong-account` unless the token is admin or owner of the account. Asks the API once per token. */
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

/** The API's answer to a write. It proves nothing: only reading the rows again does (documented). */
export interface WriteReceipt {
  readonly status: number;
  readonly requestId: string | null;
  /** Its `Date` header in epoch ms, or null without one. */
  readonly serverTime: Instant | null;
}

/**
 * Writes to one account.
 * - must send the rows of one call in one bulk PUT, in the given order
 * - must not repeat a request that may have taken effect
 * - must throw `ApiError` with `mayHaveTakenEffect` if the answer is not 2xx
 * - must ask the permit, if there is one, right before each attempt, and wait no longer for the answer than it allows
 */
export interface AccountWriter {
  writeRows(
    access: number,
    rows: readonly RowWrite[],
    signal: AbortSignal,
    permit?: WritePermit,
  ): Promise<WriteReceipt>;
}

/** The time as an argument, so that tests control it. */
export interface Clock {
  now(): Instant;
  /** Resolves after `durationMs`. Rejects with the signal's reason if the signal aborts. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>;
}
