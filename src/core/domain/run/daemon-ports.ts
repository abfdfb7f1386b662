import type { AccountMemory } from '../account/account-memory.ts';
import type { Change } from '../plan/plan.ts';
import type { ResolvedPolicy } from '../policy/entitlement.ts';
import type { Revision } from '../policy/revision.ts';
import type { GrantdError } from '../text/error.ts';
import type { Instant } from '../text/instant.ts';
import type { Problem } from '../text/problem.ts';
import type { LeaseEvent, LeaseStatus } from './lease.ts';
import type { Clock, WriteReceipt } from './ports.ts';

/** A clock that also counts on while the wall clock is set: for deadlines and for noticing jumps. */
export interface DaemonClock extends Clock {
  /** Milliseconds since some moment; never goes back. */
  monotonicMs(): number;
}

/** What one look at the policy file came to. */
export type PolicyReading =
  | {
      readonly kind: 'valid';
      readonly revision: Revision;
      readonly resolved: ResolvedPolicy;
      /** Warnings only. */
      readonly problems: readonly Problem[];
      /** When the file was last modified, epoch ms. */
      readonly modifiedAt: number;
    }
  | {
      readonly kind: 'invalid';
      readonly revision: Revision;
      readonly problems: readonly Problem[];
      /** Whether a line of it says `paused: true` all the same. */
      readonly saysPaused: boolean;
    }
  /** Missing, too large, a directory, changing all the time. */
  | { readonly kind: 'unreadable'; readonly error: GrantdError };

/** How changes of the policy file are noticed: by events of the file system, or only by looking every so often. */
export type WatchMode = 'inotify' | 'polling';

/** A watch over everything that the path of the policy leads through. */
export interface PolicyWatch {
  close(): Promise<void>;
}

export interface WatchListener {
  /** Something near the file changed: whether its text did is for whoever reads it to find out. */
  onHint(): void;
  /** At the start, and whenever it changes. `reason` is null where all is as it should be. */
  onMode(mode: WatchMode, reason: string | null): void;
}

/**
 * One policy file.
 * - `read` resolves to what stands there now, read twice so that no half-written text passes; it never rejects
 * - `read` must not validate a text anew that it has validated already
 */
export interface PolicySource {
  /** As the user wrote it. */
  readonly shownPath: string;
  read(signal: AbortSignal): Promise<PolicyReading>;
  watch(listener: WatchListener): PolicyWatch;
  /** Why this path can never show another text (a file mounted by itself, as subPath does), or null. */
  neverChanges(): Promise<string | null>;
}

/** Where the memory of accounts outlives the process. */
export interface StateStore {
  /** Never rejects: what is torn, of another version or of another account is lost, and told. */
  load(account: number): Promise<{ readonly memory: AccountMemory; readonly lost: string | null }>;
  /** Whole or not at all. Throws `state-unwritable`. */
  save(memory: AccountMemory): Promise<void>;
}

/**
 * The Lease of one account.
 * - `standing` is exact at the moment it is asked, by a clock that nobody sets, whatever was told before
 * - `keep` tries to hold it until the signal aborts, then gives it back; it never rejects
 */
export interface AccountLease {
  status(): LeaseStatus;
  keep(stop: AbortSignal, tell: (news: LeaseEvent) => void): Promise<void>;
}

/** One PUT, as the audit log tells it. */
export interface IntendedPut {
  readonly runId: string;
  readonly account: number;
  readonly access: number;
  readonly changes: readonly Change[];
  readonly revision: Revision | null;
  readonly planDigest: string;
}

export type PutEnd =
  | { readonly kind: 'answered'; readonly receipt: WriteReceipt }
  | { readonly kind: 'failed'; readonly error: GrantdError };

/** An intent that was written down, waiting for its outcome. */
export interface JournalEntry {
  /** Writes the outcome down, and gives the hash of its record; null where nothing is kept. Throws `audit-unwritable`. */
  ended(end: PutEnd): Promise<string | null>;
}

/**
 * Writes down what is about to be written, before it is.
 * - must have the intent on disk before `intend` resolves
 * - throws `audit-unwritable`, and then nothing is written to the account
 */
export interface WriteJournal {
  intend(put: IntendedPut): Promise<JournalEntry>;
}

/** For where no audit log is kept. */
export const NO_JOURNAL: WriteJournal = { intend: async () => ({ ended: async () => null }) };

/** When scheduled runs are due. */
export interface Schedule {
  /** Calls back at each slot until stopped; `missed` where the slot had passed before anybody could be called. */
  start(onSlot: (slot: { readonly missed: boolean }) => void): { stop(): void };
  /** Null where no slot is ahead. */
  next(): Instant | null;
}
