import type { Instant } from './instant.ts';
import type { SameChange, TokenPair } from './restraints.ts';
import type { Revision } from './revision.ts';

/** How often a change was planned again though it had been written, in scheduled runs in a row. */
export interface RepeatedChange extends SameChange {
  /** Scheduled runs in a row that planned it and whose write was answered 2xx. */
  readonly runs: number;
  /** Whether a read after one of the writes showed it in place. */
  readonly hasBeenInPlace: boolean;
  /** Null while it is not contested. */
  readonly contestedSince: Instant | null;
  readonly triedAt: Instant;
}

/**
 * Everything grantd remembers of one account from run to run. Losing it costs convenience, never access: a plan never
 * depends on it.
 */
export interface AccountMemory {
  readonly account: number;
  /** The last policy that was valid, and when that text was first accepted; null before the first. */
  readonly policy: { readonly revision: Revision; readonly acceptedAt: Instant } | null;
  /** Revisions that another one took the place of, the newest first; `SUPERSEDED_MOST` at most. */
  readonly superseded: readonly Revision[];
  readonly provenPairs: readonly TokenPair[];
  readonly disprovenPairs: readonly TokenPair[];
  readonly repeated: readonly RepeatedChange[];
}

/** Most changes whose repetition is remembered; what is beyond is planned and written as if for the first time. */
export const REPEATED_MOST = 10_000;

/** Most revisions that are remembered as superseded: a replica that lags behind by more is not recognized. */
export const SUPERSEDED_MOST = 50;

export function emptyMemory(account: number): AccountMemory {
  return { account, policy: null, superseded: [], provenPairs: [], disprovenPairs: [], repeated: [] };
}
