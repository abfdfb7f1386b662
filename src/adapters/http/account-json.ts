import type { AccountStatus, DatedRevision } from '../../core/domain/status/account-status.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import type { AccountJson } from './status.ts';

/** What the port serves of the status of one account, names included. */
export function accountJson(status: AccountStatus): AccountJson {
  const { policy, account, conditions, lease, revisions, validity, running, runs, failures, pending, next } = status;
  return {
    policy,
    account,
    conditions: conditions.map((one) => ({ ...one, lastTransitionTime: instantText(one.lastTransitionTime) })),
    lease: lease && { ...lease, since: instantText(lease.since), waitsUntil: momentText(lease.waitsUntil) },
    revisions: {
      accepted: revisionJson(revisions.accepted),
      attempted: revisionJson(revisions.attempted),
      applied: revisionJson(revisions.applied),
    },
    validity,
    running: running && runningJson(running),
    runs: runs.map((run) => ({ ...run, startedAt: instantText(run.startedAt) })),
    failures,
    pending: pending && pendingJson(pending),
    next: {
      scheduleAt: momentText(next.scheduleAt),
      boundaryAt: momentText(next.boundaryAt),
      retryAt: momentText(next.retryAt),
    },
    watch: status.watch,
    contested: status.contested.size,
    tokenExpiresAt: momentText(status.tokenExpiresAt),
  };
}

function runningJson({ isLed, isFallback, storageError, startedAt, ...shown }: NonNullable<AccountStatus['running']>) {
  return { ...shown, startedAt: instantText(startedAt) };
}

function pendingJson({ kinds, deferred, unresolved, plannedAt, ...shown }: NonNullable<AccountStatus['pending']>) {
  return { ...shown, plannedAt: instantText(plannedAt) };
}

function revisionJson(revision: DatedRevision | null) {
  return revision && { ...revision, at: instantText(revision.at) };
}

function momentText(at: Instant | null): string | null {
  return at === null ? null : instantText(at);
}
