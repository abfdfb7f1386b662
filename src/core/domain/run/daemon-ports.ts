import type { AccessLevel } from '../account/access-level.ts';
import type { AccountMemory } from '../account/account-memory.ts';
import { NO_PUTS, type OpenCanary, type PutMemory, type PutReplaces } from '../account/put-memory.ts';
import type { ApprovedPart, Change } from '../plan/plan.ts';
import type { PlanResource } from '../plan/plan-resource.ts';
import type { ResolvedPolicy } from '../policy/entitlement.ts';
import type { Revision } from '../policy/revision.ts';
import type { GrantdError } from '../text/error.ts';
import type { Instant } from '../text/instant.ts';
import type { Problem } from '../text/problem.ts';
import type { LeaderStatus, LeaseEvent } from './lease.ts';
import type { Clock, WriteReceipt } from './ports.ts';

/** A clock with a monotonic time besides the wall clock: for deadlines, and to notice when the wall clock is set. */
export interface DaemonClock extends Clock {
  /** Milliseconds since an arbitrary moment. Never goes back. */
  monotonicMs(): number;
}

/** The result of one read of the policy file. */
export type PolicyReading =
  | {
      readonly kind: 'valid';
      readonly revision: Revision;
      readonly resolved: ResolvedPolicy;
      /** Warnings only. */
      readonly problems: readonly Problem[];
      /** When the file was last modified, in epoch ms. */
      readonly modifiedAt: number;
    }
  | {
      readonly kind: 'invalid';
      readonly revision: Revision;
      readonly problems: readonly Problem[];
      /** Whether a line of the invalid text says `paused: true`. */
      readonly saysPaused: boolean;
    }
  /** The file is missing, too large, a directory, or keeps changing. */
  | { readonly kind: 'unreadable'; readonly error: GrantdError };

/** How grantd notices changes of the policy file: by file system events, or by polling. */
export type WatchMode = 'inotify' | 'polling';

/** A watch on every directory and link along the path of the policy. */
export interface PolicyWatch {
  close(): Promise<void>;
}

/** Receives what a watch notices. */
export interface WatchListener {
  /** Something near the file changed. Only a read shows whether the text did. */
  onHint(): void;
  /** Called at the start and on every change of the mode. `reason` says why the watch polls; null if nothing is wrong. */
  onMode(mode: WatchMode, reason: string | null): void;
}

/**
 * One policy file.
 * - `read` resolves to the present content. It reads twice, so that no half-written text passes, and never rejects
 * - `read` must not validate the same text again
 */
export interface PolicySource {
  /** As the user wrote it. */
  readonly shownPath: string;
  read(signal: AbortSignal): Promise<PolicyReading>;
  watch(listener: WatchListener): PolicyWatch;
  /** Why this path can never show a newer text (for example a single file mounted by subPath), or null. */
  neverChanges(): Promise<string | null>;
}

/** Stores what grantd remembers about accounts, beyond the life of the process. */
export interface StateStore {
  /** Never rejects. If the data is damaged, of another version or of another account, `lost` says so and the memory is empty. */
  load(account: number): Promise<{ readonly memory: AccountMemory; readonly lost: string | null }>;
  /** Writes everything or nothing. Throws `state-unwritable`. */
  save(memory: AccountMemory): Promise<void>;
  /**
   * The open canaries by account, of 1000 accounts at most. Empty where the store cannot list its accounts. Never rejects, and
   * changes nothing.
   */
  openPuts(): Promise<ReadonlyMap<number, readonly OpenCanary[]>>;
  /** Null if no PUT was seen to replace rows. Throws `GrantdError` if nobody can know: then nothing is written. */
  readPutReplaces(account: number): Promise<PutReplaces | null>;
  /** Kept apart from the memory, so that it survives whatever happens to that. Throws `state-unwritable`. */
  savePutReplaces(found: PutReplaces): Promise<void>;
  /** Forgets it. False if there was nothing to forget. Throws `state-unwritable`. */
  clearPutReplaces(account: number): Promise<boolean>;
}

/** What grantd knows of PUTs while a run goes on, and where it keeps that. */
export interface PutLedger {
  readonly account: number;
  /** The base URL of the API. */
  readonly api: string;
  /**
   * The command that makes grantd forget that a PUT took rows. Null where only this process remembers anything, so that no other
   * one can go on with what it leaves open.
   */
  readonly clear: string | null;
  memory(): PutMemory;
  /** Resolves once it is kept. Throws `state-unwritable`. */
  save(memory: PutMemory): Promise<void>;
  /** As `StateStore.readPutReplaces`. */
  readReplaces(): Promise<PutReplaces | null>;
  /** As `StateStore.savePutReplaces`. */
  saveReplaces(found: PutReplaces): Promise<void>;
}

/** A ledger that lasts as long as the process. */
export function processLedger(account: number, api: string): PutLedger {
  let memory = NO_PUTS;
  let replaces: PutReplaces | null = null;
  return {
    account,
    api,
    clear: null,
    memory: () => memory,
    save: async (next) => {
      memory = next;
    },
    readReplaces: async () => replaces,
    saveReplaces: async (found) => {
      replaces = found;
    },
  };
}

/**
 * The Lease of one account.
 * - `status` is exact at the moment of the call, by the monotonic clock, regardless of earlier reports
 * - `keep` tries to lead until the signal aborts, then gives the Lease back; it never rejects
 */
export interface AccountLease {
  status(): LeaderStatus;
  keep(stop: AbortSignal, report: (event: LeaseEvent) => void): Promise<void>;
}

/** One PUT, as the audit log records it. */
export interface IntendedPut {
  readonly runId: string;
  readonly account: number;
  readonly access: number;
  readonly changes: readonly Change[];
  readonly revision: Revision | null;
  readonly planDigest: string;
  /** The approved parts that these changes belong to. */
  readonly approved: readonly Pick<ApprovedPart, 'digest' | 'by'>[];
  /** The rows of the access that the PUT does not name, if it is not proven yet that they stay. */
  readonly unnamed?: readonly NamedRow[];
  /** Who may have caused the drift that it undoes, in Mailtrap's words. Absent if nothing says so. */
  readonly hints?: readonly string[];
}

/** A row, with the label of its resource. */
export interface NamedRow {
  readonly resource: PlanResource;
  readonly level: AccessLevel;
}

/** How one PUT ended. */
export type PutEnd =
  | { readonly kind: 'answered'; readonly receipt: WriteReceipt }
  | { readonly kind: 'failed'; readonly error: GrantdError };

/** A recorded intent that waits for its outcome. */
export interface JournalEntry {
  /** Records the outcome and returns the hash of the record; null without an audit log. Throws `audit-unwritable`. */
  ended(end: PutEnd): Promise<string | null>;
}

/**
 * Records every write before it happens.
 * - must have the intent on disk before `intend` resolves
 * - throws `audit-unwritable`; grantd then writes nothing to the account
 */
export interface WriteJournal {
  intend(put: IntendedPut): Promise<JournalEntry>;
}

/** The journal without an audit log: it records nothing. */
export const NO_JOURNAL: WriteJournal = { intend: async () => ({ ended: async () => null }) };

/** When scheduled runs are due. */
export interface Schedule {
  /** Calls back at each slot until stopped. `missed`: the slot passed before the callback could run. */
  start(onSlot: (slot: { readonly missed: boolean }) => void): { stop(): void };
  /** The next slot. Null if there is none. */
  next(): Instant | null;
  /** How long so many slots in a row take: the longest time among the next ones, in ms. */
  slotsMs(count: number): number;
}
