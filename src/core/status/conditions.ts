import type { AccountStatus, Condition } from '../domain/status/account-status.ts';
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
  readonly status: boolean;
  readonly reason: ConditionReason;
}

/** The conditions after an event. `lastTransitionTime` changes only with the status of a condition. docs/http.md has the rules. */
export function conditionsOf(status: AccountStatus, now: Instant): readonly Condition[] {
  return CONDITION_TYPES.map((type) => {
    const judged = JUDGES[type](status);
    const before = status.conditions.find((condition) => condition.type === type);
    const after = judged.status ? 'True' : 'False';
    return {
      type,
      status: after,
      reason: judged.reason,
      message: messageOf(judged.reason, status),
      lastTransitionTime: before?.status === after ? before.lastTransitionTime : now,
    };
  });
}

const JUDGES: Readonly<Record<ConditionType, (status: AccountStatus) => Judged>> = {
  Ready: judgeReady,
  Reconciling: judgeReconciling,
  Stalled: judgeStalled,
  Held: (status) => (isHeld(status) ? yes('GuardsHold') : no('NothingHeld')),
  Paused: (status) => (status.validity.isPaused ? yes('PolicySaysSo') : no('NotPaused')),
};

function judgeReady(status: AccountStatus): Judged {
  const { lastEnd } = status;
  const broken = brokenPolicy(status);
  if (broken !== null) return no(broken);
  if (status.validity.state === 'unread') return no('Starting');
  const { lease } = status;
  if (lease?.role === 'standby') return yes('StandingBy');
  if (lease?.role === 'unknown') return no('LeaseUnknown');
  if (isLagging(status)) return no('FileLagsBehind');
  if (isNewer(status)) return no('NewRevision');
  if (lastEnd?.end === 'failed') return no('RunFailed');
  if (lastEnd?.end === 'partial') return no('PartlyWritten');
  if (isHeld(status)) return no('GuardsHold');
  if (lastEnd?.end === 'paused') return yes('PolicySaysSo');
  return lastEnd?.end === 'observed' ? yes('Observed') : yes('Succeeded');
}

function judgeReconciling(status: AccountStatus): Judged {
  if (status.running !== null) return yes('Running');
  if (status.lease !== null && status.lease.role !== 'leader') return no('Idle');
  if (isLagging(status)) return yes('FileLagsBehind');
  if (isNewer(status) && brokenPolicy(status) === null) return yes('NewRevision');
  return status.next.retryAt === null ? no('Idle') : yes('Retrying');
}

function judgeStalled(status: AccountStatus): Judged {
  const broken = brokenPolicy(status);
  if (broken !== null) return yes(broken);
  if (status.running?.isOverdue) return yes('RunOverdue');
  return status.failures >= STALLED_AFTER_FAILURES ? yes('RunsFail') : no('Progressing');
}

function brokenPolicy({ validity }: AccountStatus): ConditionReason | null {
  if (validity.state === 'invalid') return 'PolicyInvalid';
  if (validity.state !== 'unreadable') return null;
  return validity.error?.code === 'account-conflict' ? 'AccountConflict' : 'PolicyUnreadable';
}

/** Whether a new leader waits: for a newer version, or until it has waited long enough. Then a run starts. */
function isLagging({ lease, running, revisions }: AccountStatus): boolean {
  return lease !== null && lease.waitsUntil !== null && running === null && revisions.accepted !== null;
}

/** Whether no run with the newest valid version has ended yet. */
function isNewer({ revisions: { accepted }, lastEnd }: AccountStatus): boolean {
  if (accepted === null) return false;
  const { sha256, commit } = { sha256: null, commit: null, ...lastEnd?.revision };
  return sha256 !== accepted.sha256 || commit !== accepted.commit;
}

function isHeld({ pending }: AccountStatus): boolean {
  return (pending?.counts.held ?? 0) > 0;
}

/** The sentence of the reason, and what is known beyond it. */
function messageOf(reason: ConditionReason, status: AccountStatus): string {
  const detail = detailOf(reason, status);
  return detail === null ? CONDITION_REASONS[reason] : `${CONDITION_REASONS[reason]}: ${detail}`;
}

function detailOf(reason: ConditionReason, { validity, runs, pending, next, lease }: AccountStatus): string | null {
  switch (reason) {
    case 'PolicyInvalid': {
      const [first] = validity.problems;
      return first ? `${first.file}:${first.line}:${first.column}: ${first.message}` : null;
    }
    case 'PolicyUnreadable':
    case 'AccountConflict':
      return validity.error?.message ?? null;
    case 'RunFailed':
    case 'RunsFail': {
      const failed = runs.find(({ error }) => error !== null);
      return failed?.error ? `${failed.error.code}: ${failed.error.message}` : null;
    }
    case 'GuardsHold':
      return pending?.refusals.map(({ rule }) => rule).join(', ') ?? null;
    case 'Retrying':
      return next.retryAt === null ? null : instantText(next.retryAt);
    case 'StandingBy':
      return lease?.holder ?? null;
    case 'LeaseUnknown':
      return lease?.error?.message ?? null;
    case 'FileLagsBehind':
      return lease === null || lease.waitsUntil === null ? null : instantText(lease.waitsUntil);
    default:
      return null;
  }
}

function yes(reason: ConditionReason): Judged {
  return { status: true, reason };
}

function no(reason: ConditionReason): Judged {
  return { status: false, reason };
}
