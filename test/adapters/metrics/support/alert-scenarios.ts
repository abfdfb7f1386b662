import type { Change, DeferredReason, Plan } from '../../../../src/core/domain/plan/plan.ts';
import type { DaemonEvent, RunEnd } from '../../../../src/core/domain/run/daemon-event.ts';
import { GrantdError } from '../../../../src/core/domain/text/error.ts';
import { busyPlan, endedRun, everyEvent, idlePlan, MARK, ORIGIN } from '../../log/support/events.ts';
import type { Moment } from './rule-test.ts';

interface Scenario {
  readonly name: string;
  /** Which alert fires at the end; none where it is left out. */
  readonly fires?: string;
  /** How long it goes on; an hour where it is left out. */
  readonly minutes?: number;
  readonly at: Moment;
  /** The labels and annotations of the alert, where they are looked at. */
  readonly says?: { readonly exp_labels: Record<string, string>; readonly exp_annotations: Record<string, string> };
}

const DAY_MINUTES = 24 * 60;
const RUN_EVERY_MINUTES = 16;

const [STARTED] = everyEvent() as readonly [DaemonEvent];
const ACCEPTED = everyEvent().find(({ kind }) => kind === 'policy.accepted') as DaemonEvent;
const REJECTED = everyEvent().find(({ kind }) => kind === 'policy.rejected') as DaemonEvent;

function begins(minute: number, ...more: readonly DaemonEvent[]): readonly DaemonEvent[] {
  const watch = { kind: 'watch.mode', ...ORIGIN, mode: 'inotify', reason: null } as const;
  return minute === 0 ? [STARTED, watch, ACCEPTED, ...more] : [];
}

function runs(minute: number, end: RunEnd, plan: Plan | null, failures = 0): readonly DaemonEvent[] {
  if (minute % RUN_EVERY_MINUTES !== 0) return [];
  const planned: readonly DaemonEvent[] = plan === null ? [] : [{ kind: 'run.planned', ...MARK, plan }];
  const result = plan === null ? null : ({ kind: 'complete', plan } as const);
  return [{ kind: 'run.started', ...MARK }, ...planned, endedRun(end, { result, failures })];
}

/** A daemon that finds nothing to do, and tells this besides, at minute 16. */
function idleBut(...events: readonly DaemonEvent[]): Moment {
  return (minute) => [...begins(minute), ...runs(minute, 'complete', idlePlan()), ...(minute === 16 ? events : [])];
}

function waiting(reason: DeferredReason): Moment {
  const [change] = busyPlan().changes as readonly [Change];
  const plan: Plan = { ...idlePlan(), deferred: [{ change, reason, waitsFor: 'project:Moblie' }] };
  return (minute) => [...begins(minute), ...runs(minute, 'deferred', plan)];
}

function unresolvedName(): Moment {
  const at = { file: 'policy.yaml', line: 9, column: 5, length: 14 };
  const plan: Plan = { ...idlePlan(), unresolved: [{ reason: 'unresolved-name', name: 'project:Moblie', at }] };
  return (minute) => [...begins(minute), ...runs(minute, 'deferred', plan)];
}

function isOfRun({ kind }: DaemonEvent): boolean {
  return kind.startsWith('run.');
}

const AUDIT = new GrantdError('audit-unwritable', 'disk full', 'free some');
const FAILED_PUT = { changes: [], sent: 'failed', error: AUDIT, reason: null, auditHash: null } as const;

const LOST: DaemonEvent = { kind: 'lease.lost', ...ORIGIN, reason: 'nobody answers' };
const HELD: DaemonEvent = { kind: 'lease.acquired', ...ORIGIN, holder: 'pod', transitions: 1 };

export const SCENARIOS: readonly Scenario[] = [
  { name: 'a Lease that nobody holds any more', fires: 'GrantdNoLeader', at: idleBut(LOST) },
  { name: 'a Lease that was lost and got back', at: idleBut(LOST, HELD) },
  { name: 'a healthy day', minutes: DAY_MINUTES + 120, at: idleBut() },
  {
    name: 'somebody who becomes an unlisted principal and is named again',
    minutes: DAY_MINUTES * 2,
    at: (minute) => [
      ...begins(minute),
      ...runs(
        minute,
        'complete',
        minute < 60 || minute > 600 ? idlePlan() : { ...idlePlan(), unlisted: busyPlan().unlisted },
      ),
    ],
  },
  {
    name: 'a run that fails twice',
    at: (m) => [...begins(m), ...runs(m, m === 0 ? 'complete' : 'failed', null, m === 0 ? 0 : Math.min(2, m / 16))],
  },
  {
    name: 'a pause of some hours',
    minutes: 600,
    at: (m) => [...begins(m, { ...ACCEPTED, isPaused: true } as DaemonEvent), ...runs(m, 'paused', idlePlan())],
  },
  {
    name: 'a daemon that is gone',
    fires: 'GrantdDown',
    at: (m) => (m <= 20 ? [...begins(m), ...runs(m, 'complete', idlePlan())] : null),
  },
  {
    name: 'no run since the first',
    fires: 'GrantdStale',
    minutes: 100,
    at: (m) => [...begins(m), ...(m === 0 ? runs(m, 'complete', idlePlan()) : [])],
  },
  {
    name: 'no run that ended well since the start',
    fires: 'GrantdStale',
    minutes: 100,
    at: (m) => [...begins(m), ...runs(m, 'stopped', null)],
  },
  {
    name: 'three failures in a row',
    fires: 'GrantdFailing',
    minutes: 56,
    at: (m) => [
      ...begins(m),
      ...runs(m, m === 0 ? 'complete' : 'failed', m === 0 ? idlePlan() : null, m / RUN_EVERY_MINUTES),
    ],
  },
  {
    name: 'a part that is held',
    fires: 'GrantdHeld',
    at: (m) => [...begins(m), ...runs(m, 'held', { ...idlePlan(), held: busyPlan().held })],
    says: {
      exp_labels: { severity: 'warning', account: '3229', policy: ORIGIN.policy },
      exp_annotations: {
        summary: 'Guards hold changes of account 3229',
        description: `Changes that ${ORIGIN.policy} asks for exceed its limits or break a rule. grantd does not write them until someone decides. Principals: 1.`,
        runbook: `Run \`grantd plan ${ORIGIN.policy}\`: it shows every held part with its rule, its digest and the next step. If you mean the changes, approve them in a reviewed commit. If not, revert what caused them.`,
      },
    },
  },
  {
    name: 'unlisted principals after a day without',
    fires: 'GrantdUnlistedAppeared',
    minutes: DAY_MINUTES + 120,
    at: (m) => [
      ...begins(m),
      ...runs(m, 'complete', m < DAY_MINUTES ? idlePlan() : { ...idlePlan(), unlisted: busyPlan().unlisted }),
    ],
  },
  { name: 'an invalid policy while the fallback policy counts', fires: 'GrantdPolicyInvalid', at: idleBut(REJECTED) },
  {
    name: 'an invalid policy since the start',
    fires: 'GrantdPolicyInvalid',
    minutes: 180,
    at: (m) => (m === 0 ? [STARTED, { ...REJECTED, account: null, fallback: null } as DaemonEvent] : []),
  },
  { name: 'a name that fits nothing', fires: 'GrantdNameUnresolved', at: unresolvedName() },
  { name: 'a token that is another', fires: 'GrantdTokenDisproven', at: waiting('pair-disproven') },
  { name: 'a change that does not last', fires: 'GrantdContested', at: waiting('contested') },
  { name: 'a row that relies on another for a while', minutes: 45, at: waiting('relies-on-missing') },
  {
    name: 'a row that relies on another for hours',
    fires: 'GrantdDeferred',
    minutes: 180,
    at: waiting('relies-on-missing'),
  },
  {
    name: 'drift while the fallback policy counts',
    fires: 'GrantdDriftWaits',
    at: (m) => [...begins(m), ...(m === 8 ? [REJECTED] : []), ...(waiting('fallback')(m) ?? []).filter(isOfRun)],
  },
  {
    name: 'an audit log that cannot be written',
    fires: 'GrantdAuditUnwritable',
    at: idleBut({ kind: 'run.put', ...MARK, outcome: FAILED_PUT }),
  },
  {
    name: 'a state that cannot be written',
    fires: 'GrantdStateUnwritable',
    at: idleBut({ kind: 'state.unwritable', ...ORIGIN, error: new GrantdError('state-unwritable', 'x', 'y') }),
  },
  {
    name: 'a token that ends in 13 days',
    fires: 'GrantdTokenExpiresSoon',
    at: idleBut({ kind: 'token.expiry', ...ORIGIN, expiresAt: 13 * DAY_MINUTES * 60_000 }),
  },
  {
    name: 'a token that ends in 15 days',
    at: idleBut({ kind: 'token.expiry', ...ORIGIN, expiresAt: 15 * DAY_MINUTES * 60_000 }),
  },
  {
    name: 'a notification that was lost',
    fires: 'GrantdNotificationsLost',
    at: idleBut({ kind: 'notify.dropped', target: 'slack', count: 2 }),
  },
  {
    name: 'a pause of more than a day',
    fires: 'GrantdPausedLong',
    minutes: DAY_MINUTES + 60,
    at: (m) => [...begins(m, { ...ACCEPTED, isPaused: true } as DaemonEvent), ...runs(m, 'paused', idlePlan())],
  },
  {
    name: 'a file system without events',
    fires: 'GrantdPollingOnly',
    at: idleBut({ kind: 'watch.mode', ...ORIGIN, mode: 'polling', reason: 'no inotify' }),
  },
];
