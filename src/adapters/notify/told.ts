import type { Instant } from '../../core/domain/text/instant.ts';
import type { Message, MessageChange } from './message.ts';

/** What was told of each policy's account, so that nothing is told twice. Lost with the process. */
export interface Told {
  readonly policies: ReadonlyMap<string, PolicyTold>;
}

export interface PolicyTold {
  /** Whether the last run that was not stopped ended badly. */
  readonly isFailing: boolean;
  /** A hash of what guards hold; empty where they hold nothing. */
  readonly held: string;
  /** Account access ids of the unlisted principals of the last plan, `UNLISTED_MOST` at most; null before the first. */
  readonly unlisted: ReadonlySet<number> | null;
  /** Texts of the policy that were told to be bad, the newest first; `REJECTIONS_MOST` at most. */
  readonly rejections: readonly { readonly key: string; readonly at: Instant }[];
  /** Whether a bad text was told, and not yet that it is over. */
  readonly isRejected: boolean;
  readonly isStateBroken: boolean;
  /** Whether the state could not be written since the run under way began. */
  readonly hasStateFailed: boolean;
  readonly isAuditBroken: boolean;
  /** The day, counted in UTC, on which the end of the token was told. */
  readonly expiryDay: number | null;
  /** What the run under way, or else the last one, has taught. */
  readonly contested: Lessons;
  readonly disproven: Lessons;
  /** Whether another replica is the one that tells, or nobody knows. */
  readonly isQuiet: boolean;
  /** Whether the run under way began when this replica was the one. */
  readonly isLedRun: boolean;
}

/** What is remembered after an event, and what is to be told of it. */
export interface Notified<T> {
  readonly told: T;
  readonly messages: readonly Message[];
}

/** Changes to be told together once the run has ended. */
export interface Lessons {
  /** The first `ITEMS_MOST`. */
  readonly changes: readonly MessageChange[];
  readonly count: number;
}

export const UNLISTED_MOST = 100_000;
export const REJECTIONS_MOST = 20;

export const NO_LESSONS: Lessons = { changes: [], count: 0 };

export const NOTHING_TOLD: Told = { policies: new Map() };

export const NEW_POLICY: PolicyTold = {
  isFailing: false,
  held: '',
  unlisted: null,
  rejections: [],
  isRejected: false,
  isStateBroken: false,
  hasStateFailed: false,
  isAuditBroken: false,
  expiryDay: null,
  contested: NO_LESSONS,
  disproven: NO_LESSONS,
  isQuiet: false,
  isLedRun: true,
};
