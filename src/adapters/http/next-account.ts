import type { AccountEvent, RunEnded } from '../../core/domain/run/daemon-event.ts';
import { type Instant, instantText } from '../../core/domain/text/instant.ts';
import type { AccountState } from './account-state.ts';
import { conditionsOf } from './conditions.ts';
import { nextLease } from './lease-status.ts';
import { changeKey, contestedAfter, pendingStatus } from './pending-plan.ts';
import type { AccountStatus, ValidityStatus } from './status.ts';
import { boundedText, errorStatus, momentOrNull, problemsStatus, revisionStatus, runCounts } from './status-parts.ts';

/** How many runs a status tells. */
export const RUNS_KEPT = 20;

/** The state after an event; the same object where the event says nothing that a status tells. */
export function nextAccount(before: AccountState, event: AccountEvent, now: Instant): AccountState {
  const known = event.account === null ? before : withStatus(before, { account: event.account });
  const told = turn(known, event, now);
  if (told === known && known.status.account === before.status.account && before.status.conditions.length > 0) {
    return before;
  }
  return withStatus(told, { conditions: conditionsOf(told, now) });
}

function turn(state: AccountState, event: AccountEvent, now: Instant): AccountState {
  const { status } = state;
  switch (event.kind) {
    case 'policy.accepted': {
      const { revision, acceptedAt, mode, isPaused, grants, problems } = event;
      const accepted = revisionStatus(revision, acceptedAt);
      const lastValid = { mode, isPaused, grants, ...problemsStatus(problems) };
      const valid = withValidity({ ...state, lastValid }, { state: 'valid', ...lastValid });
      return withStatus(valid, { revisions: { ...status.revisions, accepted } });
    }
    case 'policy.restored':
      return withValidity(state, { state: 'valid', ...state.lastValid });
    case 'policy.rejected': {
      const isPaused = event.saysPaused || (state.lastValid?.isPaused ?? false);
      const fallback = event.fallback !== null;
      return withValidity(state, { state: 'invalid', isPaused, fallback, ...problemsStatus(event.problems) });
    }
    case 'policy.unreadable':
      return withValidity(state, {
        state: 'unreadable',
        isPaused: state.lastValid?.isPaused ?? false,
        fallback: event.fallback !== null,
        error: errorStatus(event.error),
      });
    case 'policy.never-changes':
      return withStatus(state, {
        validity: { ...status.validity, isFrozen: true, frozenBecause: boundedText(event.reason) },
      });
    case 'watch.mode': {
      const reason = event.reason === null ? null : boundedText(event.reason);
      return withStatus(state, { watch: { mode: event.mode, reason } });
    }
    case 'next.planned':
      return withStatus(state, {
        next: {
          scheduleAt: momentOrNull(event.scheduleAt),
          boundaryAt: momentOrNull(event.boundaryAt),
          retryAt: momentOrNull(event.retryAt),
        },
      });
    case 'lease.acquired':
    case 'lease.lost':
    case 'lease.standby':
    case 'lease.unreachable':
    case 'lease.released':
    case 'lease.superseded':
      return withStatus(state, {
        lease: nextLease(status.lease, event, now),
        // What another replica has done since is not known here.
        pending: event.kind === 'lease.superseded' ? status.pending : null,
      });
    case 'run.started': {
      const { runId, trigger, revision } = event;
      return withStatus(
        { ...state, isPartialRun: status.validity.fallback },
        {
          running: { runId, trigger, startedAt: instantText(now), isOverdue: false },
          revisions: { ...status.revisions, attempted: revisionStatus(revision, now) },
          next: { ...status.next, retryAt: null },
          lease: status.lease && { ...status.lease, waitsUntil: null },
        },
      );
    }
    case 'run.planned': {
      const planned = withStatus(state, { pending: pendingStatus(event.plan, now) });
      return withContested(planned, contestedAfter(state.contested, event.plan));
    }
    case 'run.deadline':
      return withStatus(state, { running: status.running && { ...status.running, isOverdue: true } });
    case 'change.contested':
      return withContested(state, new Set([...state.contested, changeKey(event.change)]));
    case 'run.ended':
      return endRun(state, event, now);
    case 'token.expiry':
      return withStatus(state, { tokenExpiresAt: momentOrNull(event.expiresAt) });
    default:
      return state;
  }
}

function endRun(state: AccountState, event: RunEnded, now: Instant): AccountState {
  const { runId, trigger, end, revision, result, error, durationMs, failures } = event;
  const { status } = state;
  const left = result?.kind === 'written' ? result.after : (result?.plan ?? null);
  const isDone = !state.isPartialRun && (end === 'clean' || end === 'applied');
  const applied = isDone ? revisionStatus(revision, now) : status.revisions.applied;
  const isJudged = !state.isPartialRun && end !== 'stopped';
  const run = {
    runId,
    trigger,
    end,
    startedAt: status.running?.startedAt ?? instantText(now - durationMs),
    durationMs: Math.round(durationMs),
    sha256: revision.sha256,
    commit: revision.commit,
    counts: runCounts(result),
    error: error === null ? null : errorStatus(error),
  };
  return withStatus(
    { ...state, isPartialRun: false, lastEnd: isJudged ? { end, revision } : state.lastEnd },
    {
      running: null,
      pending: left === null ? status.pending : pendingStatus(left, now),
      runs: [run, ...status.runs].slice(0, RUNS_KEPT),
      failures,
      revisions: { ...status.revisions, applied },
    },
  );
}

function withContested(state: AccountState, contested: ReadonlySet<string>): AccountState {
  return withStatus({ ...state, contested }, { contested: contested.size });
}

function withValidity(state: AccountState, found: Partial<ValidityStatus>): AccountState {
  const fresh = { problems: [], problemsLeftOut: 0, error: null, fallback: false };
  return withStatus(state, { validity: { ...state.status.validity, ...fresh, ...found } });
}

function withStatus(state: AccountState, more: Partial<AccountStatus>): AccountState {
  return { ...state, status: { ...state.status, ...more } };
}
