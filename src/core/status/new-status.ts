import type { AccountStatus } from '../domain/status/account-status.ts';
import type { Instant } from '../domain/text/instant.ts';
import { conditionsOf } from './conditions.ts';

/** An account before its first event. */
export function newStatus(policy: string, now: Instant): AccountStatus {
  const status: AccountStatus = {
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
    lastValid: null,
    running: null,
    runs: [],
    failures: 0,
    lastAttemptAt: null,
    lastSuccessAt: null,
    lastEnd: null,
    lastRun: { isFailing: false, isPaused: false, held: '', deferred: '', unlisted: null },
    pending: null,
    next: { scheduleAt: null, boundaryAt: null, retryAt: null },
    watch: null,
    contested: new Set(),
    tokenExpiresAt: null,
    leftOpen: null,
    isStateWritable: true,
    hasStateFailed: false,
    isAuditWritable: true,
    storageError: null,
  };
  return { ...status, conditions: conditionsOf(status, now) };
}
