import type { BegunPart, SameChange, TokenPair } from '../plan/restraints.ts';
import type { Revision } from '../policy/revision.ts';
import type { Instant } from '../text/instant.ts';
import type { SpentApproval, StayingPart } from './approval-memory.ts';
import type { KnownEnd } from './known-ends.ts';
import { NO_PUTS, type PutMemory } from './put-memory.ts';
import { type AccessMemory, NO_ACCESS_MEMORY } from './remembered-access.ts';

/** A change that grantd wrote lately, or that is contested. */
export interface WrittenChange extends SameChange {
  /**
   * When Mailtrap answered its last writes with 2xx, or a read showed them: the oldest first, `CONTESTED_AFTER` at most. A
   * later read showed each one undone, except perhaps the last.
   */
  readonly writtenAt: readonly Instant[];
  /** Whether a read ever showed it in place. */
  readonly hasBeenInPlace: boolean;
  /** Null while the change is not contested. */
  readonly contestedSince: Instant | null;
  /** The last try, answered or failed. */
  readonly triedAt: Instant;
}

/**
 * Everything that grantd remembers about one account between runs. Losing it costs convenience, never access: a plan
 * never depends on it.
 */
export interface AccountMemory extends AccessMemory {
  readonly account: number;
  /** The last valid policy, and when grantd first accepted that text. Null before the first one. */
  readonly policy: { readonly revision: Revision; readonly acceptedAt: Instant } | null;
  /** Since when the policy says `paused: true`. Null if the last valid policy does not say so. */
  readonly pausedSince: Instant | null;
  /** Revisions that another one replaced, newest first; `SUPERSEDED_MOST` at most. */
  readonly superseded: readonly Revision[];
  readonly provenPairs: readonly TokenPair[];
  readonly disprovenPairs: readonly TokenPair[];
  readonly written: readonly WrittenChange[];
  /** Approved parts that grantd began to write and has not finished. */
  readonly begun: readonly BegunPart[];
  /** Approvals of the policy that were used. */
  readonly spent: readonly SpentApproval[];
  /** What stays held, since an approval let another part of the same rule pass. */
  readonly staying: readonly StayingPart[];
  /** The ends of the last valid policy: the soonest first, `KNOWN_ENDS_MOST` at most. */
  readonly knownEnds: readonly KnownEnd[];
  /** Whether a PUT takes rows that it does not name. */
  readonly puts: PutMemory;
}

/** A change is contested after so many writes that were answered 2xx and undone. */
export const CONTESTED_AFTER = 3;

/** The most written changes that grantd remembers. It treats further ones as if it had never written them. */
export const WRITTEN_MOST = 10_000;

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
    written: [],
    begun: [],
    spent: [],
    staying: [],
    knownEnds: [],
    ...NO_ACCESS_MEMORY,
    puts: NO_PUTS,
  };
}

/** So many of these changes at most, in their order. Those that are not contested go first, and of these the oldest. */
export function newestWritten(written: readonly WrittenChange[], most: number): readonly WrittenChange[] {
  if (written.length <= most) return written;
  const rank = ({ contestedSince }: WrittenChange) => (contestedSince === null ? 1 : 0);
  const kept = new Set([...written].sort((a, b) => rank(a) - rank(b) || b.triedAt - a.triedAt).slice(0, most));
  return written.filter((one) => kept.has(one));
}
