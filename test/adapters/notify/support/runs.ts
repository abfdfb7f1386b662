import type { Change, Plan } from '../../../../src/core/domain/plan/plan.ts';
import type { DaemonEvent, RunEnd } from '../../../../src/core/domain/run/daemon-event.ts';
import type { Outcome, RunResult } from '../../../../src/core/domain/run/run-result.ts';
import { GrantdError } from '../../../../src/core/domain/text/error.ts';
import { busyPlan, endedRun, idlePlan, MARK } from '../../log/support/events.ts';

export const TIMEOUT = new GrantdError('api-timeout', 'no whole answer within 30 s', 'look at the network');
export const STARTED: DaemonEvent = { kind: 'run.started', ...MARK };

const [CHANGE] = busyPlan().changes;
const IDLE = idlePlan();

/** A change of the real stages. */
export function oneChange(): Change {
  if (!CHANGE) throw new Error('no change');
  return CHANGE;
}

/** A run that wrote as many changes as there are outcomes. */
export function wrote(end: RunEnd, outcomes: readonly Outcome[], after: Plan | null = IDLE): DaemonEvent {
  const result: RunResult = {
    kind: 'written',
    plan: IDLE,
    outcomes: outcomes.map((outcome, index) => ({
      change: { ...oneChange(), access: index + 1 },
      outcome,
      sent: outcome === 'failed' || outcome === 'not-tried' ? outcome : 'answered',
      found: null,
      reason: outcome === 'failed' ? 'HTTP 422' : null,
      auditHash: 'ab'.repeat(32),
    })),
    foreign: [],
    after,
    unconfirmed: null,
  };
  return endedRun(end, { result });
}

export function failed(failures = 1): DaemonEvent {
  return endedRun('failed', { error: TIMEOUT, failures });
}

/** A run that left a plan and wrote nothing. */
export function left(end: RunEnd, plan: Plan): DaemonEvent {
  return endedRun(end, { result: { kind: 'not-written', plan } });
}

/** An idle plan with these unlisted principals. */
export function unlistedOf(...accesses: readonly number[]): Plan {
  const unlisted = accesses.map((access) => ({
    principal: { kind: 'user', email: `unlisted${access}@example.com` } as const,
    access,
    revokedAt: null,
    isObserved: false,
    shielded: [],
    rows: [{ resource: { type: 'project', id: 4001, label: 'project:Checkout' } as const, level: 10 }],
  }));
  return { ...IDLE, unlisted };
}
