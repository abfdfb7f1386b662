import { DEFERRED_REASONS } from '../domain/plan/plan.ts';
import type { RunEnd } from '../domain/run/daemon-event.ts';
import type {
  AccountStatus,
  Condition,
  ErrorStatus,
  PendingStatus,
  ValidityStatus,
} from '../domain/status/account-status.ts';
import {
  CONDITION_REASONS,
  CONDITION_TYPES,
  type ConditionReason,
  type ConditionType,
} from '../domain/status/condition-reasons.ts';
import { type Instant, instantText } from '../domain/text/instant.ts';

/** After so many failures in a row someone has to look. */
export const STALLED_AFTER_FAILURES = 3;

interface Judged {
  readonly isTrue: boolean;
  readonly reason: ConditionReason;
  /** What is known beyond the reason. */
  readonly detail: string | null;
}

/** The conditions after an event. `lastTransitionTime` changes only with the status of a condition. docs/http.md has the rules. */
export function conditionsOf(status: AccountStatus, now: Instant): readonly Condition[] {
  return CONDITION_TYPES.map((type) => {
    const { isTrue, reason, detail } = JUDGES[type](status);
    const before = status.conditions.find((condition) => condition.type === type);
    const after = isTrue ? 'True' : 'False';
    return {
      type,
      status: after,
      reason,
      message: detail === null ? CONDITION_REASONS[reason] : `${CONDITION_REASONS[reason]}: ${detail}`,
      lastTransitionTime: before?.status === after ? before.lastTransitionTime : now,
    };
  });
}

const JUDGES: Readonly<Record<ConditionType, (status: AccountStatus) => Judged>> = {
  Ready: judgeReady,
  Reconciling: judgeReconciling,
  Stalled: judgeStalled,
  Held: (status) => {
    const rules = heldRules(status);
    return rules === null ? no('NothingHeld') : yes('GuardsHold', rules);
  },
  Paused: ({ validity }) => (validity.isPaused ? yes('PolicyPaused') : no('NotPaused')),
};

function judgeReady(status: AccountStatus): Judged {
  const { validity, lease, lastEnd } = status;
  const refusal = refusalOf(status);
  if (refusal !== null) return no(...refusal);
  if (validity.state === 'unread') return no('Starting');
  const missing = missingRows(status);
  if (missing !== null) return no('PutReplaces', missing);
  if (lease?.role === 'standby') return yes('StandingBy', lease.holder);
  if (lease?.role === 'unknown') return no('LeaseUnknown', lease.error?.message);
  const waitsUntil = waitingUntil(status);
  if (waitsUntil !== null) return no('FileLagsBehind', waitsUntil);
  if (isNewer(status)) return no('NewRevision');
  return judgeEnd(status, lastEnd?.end ?? 'stopped');
}

/** Only `complete` and `observed` make an account ready, and only until a newer plan shows that something waits. */
function judgeEnd(status: AccountStatus, end: RunEnd): Judged {
  const taken = putReplacedOf(status);
  if (end === 'failed' && taken !== null) return no('PutReplaces', withRemedy(taken));
  const isDone = end === 'complete' || end === 'observed';
  if ((end === 'failed' || end === 'partial') && status.storageError !== null)
    return no('StorageUnwritable', errorText(status.storageError));
  const rules = heldRules(status);
  if (isDone ? rules !== null : end === 'held') return no('GuardsHold', rules);
  const doubts = deferredReasons(status);
  if (isDone ? doubts !== null : end === 'deferred') return no('ChangesDeferred', doubts);
  return { isTrue: isDone, reason: READY_REASONS[end], detail: end === 'failed' ? lastErrorOf(status) : null };
}

const READY_REASONS: Readonly<Record<RunEnd, ConditionReason>> = {
  failed: 'RunFailed',
  partial: 'PartlyWritten',
  paused: 'PolicyPaused',
  held: 'GuardsHold',
  deferred: 'ChangesDeferred',
  observed: 'Observed',
  complete: 'Succeeded',
  unled: 'LeaseUnknown',
  stopped: 'NewRevision',
};

function judgeReconciling(status: AccountStatus): Judged {
  const { running, lease, next } = status;
  if (running !== null) return yes('Running');
  if (lease !== null && lease.role !== 'leader') return no('Idle');
  const waitsUntil = waitingUntil(status);
  if (waitsUntil !== null) return yes('FileLagsBehind', waitsUntil);
  if (isNewer(status) && refusalOf(status) === null) return yes('NewRevision');
  return next.retryAt === null ? no('Idle') : yes('Retrying', instantText(next.retryAt));
}

function judgeStalled(status: AccountStatus): Judged {
  const refusal = refusalOf(status);
  if (refusal !== null) return yes(...refusal);
  if (status.running?.isOverdue) return yes('RunOverdue');
  const taken = putReplacedOf(status);
  if (taken !== null) return yes('PutReplaces', withRemedy(taken));
  const missing = missingRows(status);
  if (missing !== null) return yes('PutReplaces', missing);
  if (status.failures < STALLED_AFTER_FAILURES) return no('Progressing');
  const { storageError } = status;
  return storageError === null
    ? yes('RunsFail', lastErrorOf(status))
    : yes('StorageUnwritable', errorText(storageError));
}

/** Why grantd refuses the policy file; null if it does not. A PUT that took rows is no less urgent meanwhile. */
function refusalOf(status: AccountStatus): [reason: ConditionReason, detail: string] | null {
  const refusal = textRefusalOf(status);
  const taken = status.leftOpen?.error ?? putReplacedOf(status);
  if (refusal === null || taken === null) return refusal;
  const [reason, detail] = refusal;
  return [reason, `${detail}; ${withRemedy(taken)}`];
}

function textRefusalOf({ validity }: AccountStatus): [reason: ConditionReason, detail: string] | null {
  if (validity.state === 'invalid') {
    const [first] = validity.problems;
    const where = first && `${first.file}:${first.line}:${first.column}: ${first.message}`;
    return ['PolicyInvalid', withMeanwhile(where, validity)];
  }
  if (validity.state !== 'unreadable') return null;
  const isConflict = validity.error?.code === 'account-conflict';
  return [isConflict ? 'AccountConflict' : 'PolicyUnreadable', withMeanwhile(validity.error?.message, validity)];
}

/** What an earlier process took and nobody has given back, in an account that no valid policy names. */
function missingRows({ leftOpen }: AccountStatus): string | null {
  return leftOpen === null || leftOpen.isBack ? null : withRemedy(leftOpen.error);
}

/** Why grantd refuses the file, and what it does until the file is fixed. */
function withMeanwhile(why: string | undefined, { fallback, isPaused }: ValidityStatus): string {
  const meanwhile = !fallback ? NOTHING_RUNS : isPaused ? FALLBACK_PAUSED : FALLBACK_RUNS;
  return [...(why === undefined ? [] : [why]), meanwhile].join('; ');
}

const NOTHING_RUNS =
  'nothing runs until you fix it; grantd has accepted no policy since its start, so there is no fallback policy';
const FALLBACK_RUNS =
  'meanwhile the fallback policy runs: it only removes access that has ended, and account admin that someone else gave';
const FALLBACK_PAUSED = 'meanwhile nothing is written, because the policy is paused';

/** Until when a new leader waits for a newer version at most; null if it does not wait. Then a run starts. */
function waitingUntil({ lease, running, revisions }: AccountStatus): string | null {
  const isWaiting = running === null && revisions.accepted !== null;
  return isWaiting && lease !== null && lease.waitsUntil !== null ? instantText(lease.waitsUntil) : null;
}

/** Whether no run with the newest valid version has ended yet. */
function isNewer({ revisions: { accepted }, lastEnd }: AccountStatus): boolean {
  if (accepted === null) return false;
  const { sha256, commit } = { sha256: null, commit: null, ...lastEnd?.revision };
  return sha256 !== accepted.sha256 || commit !== accepted.commit;
}

/** The rules that hold something; null if nothing is held. */
function heldRules({ pending }: AccountStatus): string | null {
  if (pending === null || pending.counts.held === 0) return null;
  return pending.refusals.map(({ rule }) => rule).join(', ');
}

/** Why changes are deferred, and which name is unresolved; null if nothing waits. */
function deferredReasons({ pending }: AccountStatus): string | null {
  if (pending === null) return null;
  const reasons = DEFERRED_REASONS.filter((reason) => pending.deferred[reason] > 0).join(', ');
  return (
    [reasons, pending.unresolvedText ?? '', ...noticeTexts(pending)].filter((text) => text !== '').join('; ') || null
  );
}

/** Who may have another e-mail now, and what to do. Nothing else depends on it. */
function noticeTexts({ counts, notices }: PendingStatus): readonly string[] {
  if (counts.deferred === 0) return [];
  return (notices ?? []).slice(0, 1).map(({ message, remedy }) => `${message}; ${remedy}`);
}

/** Whether the last run ended because a PUT took rows that it did not name. */
function putReplacedOf({ runs }: AccountStatus): ErrorStatus | null {
  const error = runs[0]?.error ?? null;
  return error?.code === 'put-replaces' ? error : null;
}

function lastErrorOf({ runs }: AccountStatus): string | null {
  const error = runs.find((run) => run.error !== null)?.error;
  return error ? errorText(error) : null;
}

/** Someone who sees only the condition must know what to do. */
function withRemedy({ message, remedy }: ErrorStatus): string {
  return `${message}; ${remedy}`;
}

function errorText({ code, message }: ErrorStatus): string {
  return `${code}: ${message}`;
}

function yes(reason: ConditionReason, detail: string | null = null): Judged {
  return { isTrue: true, reason, detail };
}

function no(reason: ConditionReason, detail: string | null = null): Judged {
  return { isTrue: false, reason, detail };
}
