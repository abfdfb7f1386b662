import type { Revision } from '../../core/domain/policy/revision.ts';
import type { RunEnd } from '../../core/domain/run/daemon-event.ts';
import type { AccountStatus, ValidityStatus } from './status.ts';

/** What is kept of one account: its status as it is served, and what only the next event needs. */
export interface AccountState {
  readonly status: AccountStatus;
  /** Whether a last good text stands in during the run under way, so that it only takes back what ends. */
  readonly isPartialRun: boolean;
  /** How the last run ended that went by the text of the file and was not stopped, and by which text it went. */
  readonly lastEnd: { readonly end: RunEnd; readonly revision: Revision } | null;
  /** What the last valid text says of itself. */
  readonly lastValid: Pick<ValidityStatus, 'mode' | 'isPaused' | 'grants' | 'problems' | 'problemsLeftOut'> | null;
  /** Keys of contested changes; as many as the memory of an account holds at most. */
  readonly contested: ReadonlySet<string>;
}

export function newAccount(policy: string): AccountState {
  return {
    status: {
      policy,
      account: null,
      conditions: [],
      lease: null,
      revisions: { accepted: null, attempted: null, applied: null },
      validity: {
        state: 'unread',
        mode: null,
        isPaused: false,
        grants: null,
        fallback: false,
        problems: [],
        problemsLeftOut: 0,
        error: null,
        isFrozen: false,
        frozenBecause: null,
      },
      running: null,
      runs: [],
      failures: 0,
      pending: null,
      next: { scheduleAt: null, boundaryAt: null, retryAt: null },
      watch: null,
      contested: 0,
      tokenExpiresAt: null,
    },
    isPartialRun: false,
    lastEnd: null,
    lastValid: null,
    contested: new Set(),
  };
}
