import type { AccountEvent } from '../domain/run/daemon-event.ts';
import type { AccountStatus, LeaseStatus, ValidityStatus } from '../domain/status/account-status.ts';
import type { Instant } from '../domain/text/instant.ts';
import { conditionsOf } from './conditions.ts';
import { nextOfRun } from './next-run.ts';
import { datedRevision, errorStatus, keptText, problemList } from './status-parts.ts';

/** The status after an event; the same object if the event changes nothing in it. `now` is when the event was emitted. */
export function nextStatus(before: AccountStatus, event: AccountEvent, now: Instant): AccountStatus {
  const isNamed = event.account !== null && event.account !== before.account;
  const known = isNamed ? { ...before, account: event.account } : before;
  const after = nextFacts(known, event, now);
  return after === before ? before : { ...after, conditions: conditionsOf(after, now) };
}

function nextFacts(status: AccountStatus, event: AccountEvent, now: Instant): AccountStatus {
  switch (event.kind) {
    case 'policy.accepted':
    case 'policy.restored':
    case 'policy.rejected':
    case 'policy.unreadable':
      return nextPolicy(status, event);
    case 'policy.never-changes':
      return { ...status, validity: { ...status.validity, isFrozen: true, frozenBecause: keptText(event.reason) } };
    case 'watch.mode': {
      const reason = event.reason === null ? null : keptText(event.reason);
      return { ...status, watch: { mode: event.mode, reason } };
    }
    case 'next.planned': {
      const { scheduleAt, boundaryAt, retryAt } = event;
      return { ...status, next: { scheduleAt, boundaryAt, retryAt } };
    }
    case 'lease.acquired':
    case 'lease.lost':
    case 'lease.standby':
    case 'lease.unreachable':
    case 'lease.released':
    case 'lease.superseded':
      return nextLeader(status, event, now);
    case 'token.expiry':
      return { ...status, tokenExpiresAt: event.expiresAt };
    case 'state.left-open':
      return { ...status, leftOpen: leftOpenOf(event) };
    case 'run.started':
      // A run of that account reports it itself.
      return nextOfRun(event.account === status.leftOpen?.account ? { ...status, leftOpen: null } : status, event, now);
    case 'state.unwritable':
      return { ...status, isStateWritable: false, hasStateFailed: true };
    default:
      return nextOfRun(status, event, now);
  }
}

type EventOf<K extends AccountEvent['kind']> = Extract<AccountEvent, { readonly kind: K }>;

function nextPolicy(
  status: AccountStatus,
  event: EventOf<'policy.accepted' | 'policy.restored' | 'policy.rejected' | 'policy.unreadable'>,
): AccountStatus {
  const { lastValid } = status;
  switch (event.kind) {
    case 'policy.accepted': {
      const { revision, acceptedAt, mode, isPaused, grants, problems } = event;
      const facts = { mode, isPaused, grants, ...problemList(problems) };
      const revisions = { ...status.revisions, accepted: datedRevision(revision, acceptedAt) };
      return withValidity({ ...status, lastValid: facts, revisions }, { state: 'valid', ...facts });
    }
    case 'policy.restored':
      return withValidity(status, { state: 'valid', ...lastValid });
    default: {
      // The fallback policy may be paused, and so may a text that grantd refuses: each of them counts.
      const isPaused = event.saysPaused || (lastValid?.isPaused ?? false);
      const fallback = event.fallback !== null;
      return event.kind === 'policy.rejected'
        ? withValidity(status, { state: 'invalid', isPaused, fallback, ...problemList(event.problems) })
        : withValidity(status, { state: 'unreadable', isPaused, fallback, error: errorStatus(event.error) });
    }
  }
}

function withValidity(status: AccountStatus, found: Partial<ValidityStatus>): AccountStatus {
  const fresh = { problems: [], problemsLeftOut: 0, error: null, fallback: false };
  return { ...status, validity: { ...status.validity, ...fresh, ...found } };
}

function leftOpenOf({ leftIn, rows, error }: EventOf<'state.left-open'>): AccountStatus['leftOpen'] {
  return error === null ? null : { account: leftIn, error: errorStatus(error), isBack: rows === 0 };
}

type LeaseEvent = EventOf<`lease.${string}` & AccountEvent['kind']>;

/** What this replica knows of an account is out of date once another one may write to it. */
function nextLeader(status: AccountStatus, event: LeaseEvent, now: Instant): AccountStatus {
  const lease = nextLease(status.lease, event, now);
  if (event.kind === 'lease.superseded') return { ...status, lease };
  if (event.kind === 'lease.unreachable') return { ...status, lease, pending: null };
  const runsAt = { lastAttemptAt: null, lastSuccessAt: null };
  if (event.kind === 'lease.acquired') return { ...status, lease, pending: null, ...runsAt };
  return { ...status, lease, pending: null, ...runsAt, failures: 0, contested: new Set() };
}

function nextLease(before: LeaseStatus | null, event: LeaseEvent, now: Instant): LeaseStatus {
  const fresh = { holder: null, since: now, waitsUntil: null, error: null };
  switch (event.kind) {
    case 'lease.acquired':
      return { ...fresh, role: 'leader', holder: event.holder };
    case 'lease.standby':
      return { ...fresh, role: 'standby', holder: event.holder };
    case 'lease.unreachable':
      return { ...fresh, role: 'unknown', error: errorStatus(event.error) };
    case 'lease.superseded':
      return { ...(before ?? { ...fresh, role: 'leader' }), waitsUntil: now + event.waitMs };
    default:
      return { ...fresh, role: 'standby' };
  }
}
