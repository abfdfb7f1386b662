import type { AccountWrite } from '../../../src/simulator/account-write.ts';
import type { RunEndFacts, RunRecord } from './run-record.ts';

/** Judges what only several runs of a world show together. Uses no code that decides anything in grantd. */
export interface Ledger {
  /** Takes note of a run that ended or died, and returns what it broke. */
  judge(run: RunRecord, facts: RunEndFacts): readonly string[];
  /** The state file is gone: nobody can expect grantd to remember. */
  stateLost(): void;
  /** Somebody else wrote. */
  wroteElse?(write: AccountWrite): void;
  /** The process died, perhaps before it saved what its last run taught it. */
  died?(): void;
}
