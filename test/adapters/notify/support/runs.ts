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

/** A run that took from so many people what somebody else had given them. */
export function wroteByDrift(count: number, type: 'account' | 'project'): DaemonEvent {
  const event = wrote(
    'complete',
    Array.from({ length: count }, () => 'applied'),
  );
  if (event.kind !== 'run.ended' || event.result?.kind !== 'written') throw new Error('nothing was written');
  const outcomes = event.result.outcomes.map((one, index) => ({
    ...one,
    change: {
      ...one.change,
      principal: { kind: 'user', email: `rogue${index + 1}@x` } as const,
      resource: { type, id: 1, label: type } as const,
      before: 100 as const,
      after: 0 as const,
      cause: 'drift' as const,
    },
  }));
  return { ...event, result: { ...event.result, outcomes } };
}

/** The access 2 had a protected e-mail. */
export const NOTICED = {
  code: 'protected-renamed',
  message: 'kim.new@x (access 2) had the protected e-mail kim@x',
  remedy: 'write kim.new@x in place of kim@x',
  at: null,
  access: 2,
} as const;

/** An idle plan with these unlisted principals. */
export function unlistedOf(...accesses: readonly number[]): Plan {
  const unlisted = accesses.map((access) => ({
    principal: { kind: 'user', email: `unlisted${access}@example.com` } as const,
    access,
    revokedAt: null,
    isObserved: false,
    teamFiles: [],
    shielded: [],
    rows: [{ resource: { type: 'project', id: 4001, label: 'project:Checkout' } as const, level: 10 }],
  }));
  return { ...IDLE, unlisted };
}
