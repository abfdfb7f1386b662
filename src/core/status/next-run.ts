import { createHash } from 'node:crypto';
import { changeKey } from '../domain/plan/change-key.ts';
import { type Deferred, isInDoubt, type Plan } from '../domain/plan/plan.ts';
import { type AccountEvent, isFailure, isSuccess, type RunEnded } from '../domain/run/daemon-event.ts';
import { planLeft } from '../domain/run/run-result.ts';
import {
  type AccountStatus,
  type ErrorStatus,
  type LastRun,
  RUNS_KEPT,
  UNLISTED_KEPT,
} from '../domain/status/account-status.ts';
import { leads } from '../domain/status/status-update.ts';
import type { GrantdError } from '../domain/text/error.ts';
import type { Instant } from '../domain/text/instant.ts';
import { contestedAfter, pendingStatus } from './pending.ts';
import { approvedStatus, datedRevision, errorStatus, runCounts } from './status-parts.ts';

/** The status after an event of a run; the same object after any other event. */
export function nextOfRun(status: AccountStatus, event: AccountEvent, now: Instant): AccountStatus {
  switch (event.kind) {
    case 'run.started': {
      const { runId, trigger, revision } = event;
      const { validity, revisions, next, lease } = status;
      return {
        ...status,
        running: {
          runId,
          trigger,
          startedAt: now,
          isOverdue: false,
          isLed: leads(status),
          isFallback: validity.fallback,
          storageError: null,
        },
        lastAttemptAt: now,
        hasStateFailed: false,
        revisions: { ...revisions, attempted: datedRevision(revision, now) },
        next: { ...next, retryAt: null },
        lease: lease && { ...lease, waitsUntil: null },
      };
    }
    case 'run.planned':
      if (isStandby(status)) return status;
      return {
        ...status,
        pending: pendingStatus(event.plan, now),
        contested: contestedAfter(status.contested, event.plan),
      };
    case 'run.put': {
      const { error, sent } = event.outcome;
      const isAuditWritable = error?.code !== 'audit-unwritable' && (status.isAuditWritable || sent === 'answered');
      return withStorageError(
        isAuditWritable === status.isAuditWritable ? status : { ...status, isAuditWritable },
        error,
      );
    }
    case 'run.deadline':
      return status.running === null ? status : { ...status, running: { ...status.running, isOverdue: true } };
    case 'change.contested':
      if (isStandby(status)) return status;
      return { ...status, contested: new Set([...status.contested, changeKey(event.change)]) };
    case 'run.ended':
      return endRun(status, event, now);
    default:
      return status;
  }
}

function endRun(status: AccountStatus, event: RunEnded, now: Instant): AccountStatus {
  const { runId, trigger, end, revision, result, error, durationMs } = event;
  const { running, revisions } = status;
  const isFallback = running?.isFallback ?? false;
  const isDone = !isFallback && end === 'complete';
  const run = {
    runId,
    trigger,
    end,
    startedAt: running?.startedAt ?? now - durationMs,
    durationMs: Math.round(durationMs),
    sha256: revision.sha256,
    commit: revision.commit,
    counts: runCounts(result),
    approved: approvedStatus(result),
    error: error === null ? null : errorStatus(error),
  };
  return {
    ...status,
    running: null,
    runs: [run, ...status.runs].slice(0, RUNS_KEPT),
    lastEnd: isFallback || end === 'stopped' ? status.lastEnd : { end, revision },
    lastRun: lastRun(status.lastRun, event),
    ...(isStandby(status) ? {} : ofAccount(status, event, now)),
    revisions: { ...revisions, applied: isDone ? datedRevision(revision, now) : revisions.applied },
    // A run that read the account has saved what it learned, unless the state said otherwise since.
    isStateWritable: status.isStateWritable || (result !== null && !status.hasStateFailed),
    isAuditWritable: status.isAuditWritable && error?.code !== 'audit-unwritable',
    storageError: end === 'stopped' ? status.storageError : storageErrorOf(error, running),
  };
}

function withStorageError(status: AccountStatus, error: GrantdError | null): AccountStatus {
  const { running } = status;
  if (running === null || running.storageError !== null || !isOfStorage(error)) return status;
  return { ...status, running: { ...running, storageError: errorStatus(error) } };
}

/** A run that failed for another reason says that one. */
function storageErrorOf(error: GrantdError | null, running: AccountStatus['running']): ErrorStatus | null {
  if (error === null) return running?.storageError ?? null;
  return isOfStorage(error) ? errorStatus(error) : null;
}

function isOfStorage(error: GrantdError | null): error is GrantdError {
  return error?.code === 'state-unwritable' || error?.code === 'audit-unwritable';
}

/** What the end of a run says of the account; nothing while another replica leads it. */
function ofAccount(
  { pending, lastSuccessAt }: AccountStatus,
  { end, result, failures, hints }: RunEnded,
  now: Instant,
) {
  const left = result?.kind === 'written' ? result.after : (result?.plan ?? null);
  return {
    failures,
    pending: left === null ? pending : pendingStatus(left, now, hints),
    lastSuccessAt: isSuccess(end) ? now : lastSuccessAt,
  };
}

function lastRun(before: LastRun, { end, result }: RunEnded): LastRun {
  const plan = planLeft(result);
  const isJudged = end !== 'stopped';
  return {
    isFailing: isJudged ? isFailure(end) : before.isFailing,
    isPaused: isJudged ? end === 'paused' : before.isPaused,
    held: isJudged && plan !== null ? hashOf(plan.held.map(({ digest }) => digest)) : before.held,
    deferred: isJudged && plan !== null ? hashOf(doubtTexts(plan)) : before.deferred,
    unlisted: plan === null ? before.unlisted : plan.unlisted.slice(0, UNLISTED_KEPT).map(({ access }) => access),
  };
}

/** A name that stands on another line is the same doubt. */
function doubtTexts({ deferred, unresolved }: Plan): readonly string[] {
  return [
    ...deferred.filter(isInDoubt).map(deferredText),
    ...unresolved.map(({ reason, name }) => JSON.stringify([reason, name])),
  ];
}

function deferredText({ change, reason, waitsFor }: Deferred): string {
  return JSON.stringify([changeKey(change), reason, waitsFor]);
}

/** One hash however many texts there are, in any order; empty if there are none. */
function hashOf(texts: readonly string[]): string {
  if (texts.length === 0) return '';
  return createHash('sha256')
    .update([...texts].sort().join('\n'))
    .digest('hex');
}

function isStandby({ lease }: AccountStatus): boolean {
  return lease?.role === 'standby';
}
