import type { BegunPart, SameChange, TokenPair } from '../plan/restraints.ts';
import type { Revision } from '../policy/revision.ts';
import type { Instant } from '../text/instant.ts';

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
  /** Since when its policy says `paused: true`; null where the last valid one does not. */
  readonly pausedSince: Instant | null;
  /** Revisions that another one took the place of, the newest first; `SUPERSEDED_MOST` at most. */
  readonly superseded: readonly Revision[];
  readonly provenPairs: readonly TokenPair[];
  readonly disprovenPairs: readonly TokenPair[];
  readonly repeated: readonly RepeatedChange[];
  /** Approved parts of which something is left to write. */
  readonly begun: readonly BegunPart[];
}

/** Most changes whose repetition is remembered; what is beyond is planned and written as if for the first time. */
export const REPEATED_MOST = 10_000;

/** Most rows of begun parts that are remembered; a part that is beyond is held anew, and needs an approval of what is left. */
export const BEGUN_ROWS_MOST = 10_000;

/** Most revisions that are remembered as superseded: a replica that lags behind by more is not recognized. */
export const SUPERSEDED_MOST = 50;

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
