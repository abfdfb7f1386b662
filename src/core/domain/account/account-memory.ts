import type { BegunPart, SameChange, TokenPair } from '../plan/restraints.ts';
import type { Revision } from '../policy/revision.ts';
import type { Instant } from '../text/instant.ts';

/** A change that scheduled runs in a row planned again although grantd had written it. */
export interface RepeatedChange extends SameChange {
  /** Scheduled runs in a row that planned the change and got 2xx for its write. */
  readonly runs: number;
  /** Whether a read after one of the writes showed the change in place. */
  readonly hasBeenInPlace: boolean;
  /** Null while the change is not contested. */
  readonly contestedSince: Instant | null;
  readonly triedAt: Instant;
}

/**
 * Everything that grantd remembers about one account between runs. Losing it costs convenience, never access: a plan
 * never depends on it.
 */
export interface AccountMemory {
  readonly account: number;
  /** The last valid policy, and when grantd first accepted that text. Null before the first one. */
  readonly policy: { readonly revision: Revision; readonly acceptedAt: Instant } | null;
  /** Since when the policy says `paused: true`. Null if the last valid policy does not say so. */
  readonly pausedSince: Instant | null;
  /** Revisions that another one replaced, newest first; `SUPERSEDED_MOST` at most. */
  readonly superseded: readonly Revision[];
  readonly provenPairs: readonly TokenPair[];
  readonly disprovenPairs: readonly TokenPair[];
  readonly repeated: readonly RepeatedChange[];
  /** Approved parts that grantd began to write and has not finished. */
  readonly begun: readonly BegunPart[];
}

/** The most repeated changes that grantd remembers. It treats further ones as if they were planned for the first time. */
export const REPEATED_MOST = 10_000;

/**
 * The most rows of begun parts that grantd remembers. A guard holds any further part again, and what is left of it needs
 * a new approval.
 */
export const BEGUN_ROWS_MOST = 10_000;

/** The most superseded revisions that grantd remembers. It does not recognize a replica that lags further behind. */
export const SUPERSEDED_MOST = 50;

/** The memory of an account that grantd has never run for. */
export function emptyMemory(account: number): AccountMemory {
  return {
    account,
    policy: null,
    pausedSince: null,
    superseded: [],
    provenPairs: [],
    disprovenPairs: [],
    repeated: [],
    begun: [],
  };
}
