import type { Change } from '../../core/domain/plan/plan.ts';
import type { AccountEvent, DaemonEvent } from '../../core/domain/run/daemon-event.ts';
import type { Instant } from '../../core/domain/text/instant.ts';
import type { MessageChange } from './message.ts';
import { changeItem, ITEMS_MOST } from './message-parts.ts';
import { type Lessons, NEW_POLICY, NO_LESSONS, type Notified, type PolicyTold, type Told } from './told.ts';
import { runEnded } from './told-runs.ts';
import { auditFailed, auditWorks, policyIsBad, policyIsValid, stateFailed, tokenExpires } from './told-troubles.ts';

/** What somebody is to be told of an event that nobody was told yet. `now` is when it happened. */
export function notificationsOf(told: Told, event: DaemonEvent, now: Instant): Notified<Told> {
  if (!('policy' in event)) return { told, messages: [] };
  const before = told.policies.get(event.policy) ?? NEW_POLICY;
  const { told: after, messages: all } = turn(before, event, now);
  const messages = isForOthers(before, event) ? [] : all;
  if (after === before) return { told, messages };
  return { told: { policies: new Map([...told.policies, [event.policy, after]]) }, messages };
}

function turn(told: PolicyTold, event: AccountEvent, now: Instant): Notified<PolicyTold> {
  switch (event.kind) {
    case 'policy.rejected':
    case 'policy.unreadable':
      return policyIsBad(told, event, now);
    case 'policy.accepted':
    case 'policy.restored':
      return policyIsValid(told, event, now);
    case 'run.started':
      return silently({
        ...told,
        isLedRun: !told.isQuiet,
        hasStateFailed: false,
        contested: NO_LESSONS,
        disproven: NO_LESSONS,
      });
    case 'run.put':
      if (event.outcome.error?.code === 'audit-unwritable') return auditFailed(told, event, event.outcome.error, now);
      return event.outcome.sent === 'answered' ? auditWorks(told, event, now) : silently(told);
    case 'lease.acquired':
      return silently({ ...told, isQuiet: false });
    case 'lease.lost':
    case 'lease.standby':
    case 'lease.released':
    case 'lease.unreachable':
      return silently({ ...told, isQuiet: true });
    case 'change.contested': {
      const { hasBeenInPlace } = event;
      return silently({ ...told, contested: learned(told.contested, event.change, { hasBeenInPlace }) });
    }
    case 'token.disproven':
      return silently({ ...told, disproven: learned(told.disproven, event.change) });
    case 'run.ended':
      return runEnded(told, event, now);
    case 'token.expiry':
      return tokenExpires(told, event, now);
    case 'state.unwritable':
      return stateFailed(told, event, now);
    default:
      return silently(told);
  }
}

/** Of several replicas one tells: the one that writes, also of a run in which it ceased to be. */
function isForOthers(told: PolicyTold, event: AccountEvent): boolean {
  return 'runId' in event ? !told.isLedRun : told.isQuiet;
}

function silently(told: PolicyTold): Notified<PolicyTold> {
  return { told, messages: [] };
}

function learned(
  { changes, count }: Lessons,
  change: Change,
  more: Partial<Pick<MessageChange, 'hasBeenInPlace'>> = {},
): Lessons {
  return {
    changes: changes.length < ITEMS_MOST ? [...changes, changeItem(change, more)] : changes,
    count: count + 1,
  };
}
