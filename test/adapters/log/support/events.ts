import type { Change, Plan } from '../../../../src/core/domain/plan/plan.ts';
import type {
  DaemonEvent,
  DaemonEventKind,
  Origin,
  RunEnd,
  RunMark,
} from '../../../../src/core/domain/run/daemon-event.ts';
import type { RunResult } from '../../../../src/core/domain/run/run-result.ts';
import { ApiError, GrantdError } from '../../../../src/core/domain/text/error.ts';
import type { Problem } from '../../../../src/core/domain/text/problem.ts';
import { busyWorld } from '../../../report/worlds.ts';
import { NOW, smallWorld } from '../../../support/small-world.ts';

export { NOW };
export const SHA256 = 'ab'.repeat(32);
export const COMMIT = 'c0'.repeat(20);
export const ORIGIN: Origin = { policy: 'policies/acme.yaml', account: 3229 };
export const MARK: RunMark = {
  ...ORIGIN,
  runId: '01JD0000000000000000000000',
  trigger: 'schedule',
  revision: { sha256: SHA256, commit: COMMIT },
};

/** A plan of the real stages with something of everything: what one principal gets is held. */
export function busyPlan(): Plan {
  const { plan } = busyWorld({ limits: { newAdmins: 0, revokes: { principals: 100, percent: 100 } } });
  for (const key of ['changes', 'deferred', 'unmanageable', 'absent', 'unlisted', 'notices', 'refusals'] as const) {
    if (plan[key].length === 0) throw new Error(`the plan of these tests has no ${key}`);
  }
  return plan;
}

/** Nothing to do, nobody unknown. */
export function idlePlan(): Plan {
  const accesses = [{ access: 2, user: 'ann@example.com', rows: { 'project:#4001': 'viewer' } }] as const;
  const grants = [{ to: 'ann@example.com', resource: 'project:Checkout', level: 'viewer' }] as const;
  return smallWorld({ grants }, { accesses }).plan;
}

export function endedRun(end: RunEnd, more: Partial<Extract<DaemonEvent, { kind: 'run.ended' }>> = {}): DaemonEvent {
  const result: RunResult | null = end === 'failed' ? null : { kind: 'complete', plan: idlePlan() };
  return {
    kind: 'run.ended',
    ...MARK,
    end,
    result,
    error: null,
    durationMs: 1234.5,
    failures: end === 'failed' || end === 'partial' ? 1 : 0,
    commitToAppliedSeconds: null,
    ...more,
  };
}

export function problem(number: number, foreign = ''): Problem {
  return {
    code: 'unknown-key',
    severity: 'error',
    message: `\`grnts\` is no key of a policy${foreign}`,
    remedy: `Did you mean \`grants\`?${foreign}`,
    at: { file: ORIGIN.policy, line: number, column: 1, length: 5 },
  };
}

/** At least one event of every kind, and more where there are several shapes. `foreign` stands wherever a text of others can. */
export function everyEvent(foreign = ''): readonly DaemonEvent[] {
  const revision = MARK.revision;
  const apiError = new ApiError('api-rejected', `refused${foreign}`, `look at it${foreign}`, {
    method: 'PUT',
    path: '/api/accounts/3229/account_accesses/4/permissions/bulk',
    status: 422,
    requestId: `req-1${foreign}`,
    tries: 1,
    mayHaveTakenEffect: false,
  });
  const fault = new GrantdError('fault', `a fault${foreign}`, 'report it', new TypeError(`x is undefined${foreign}`));
  const plan = fill(busyPlan(), foreign);
  const changes = plan.changes.concat(plan.held.flatMap((part) => part.changes));
  const change = changes.find(({ access, kind }) => access === 3 && kind === 'remove') as Change;
  const written: RunResult = {
    kind: 'written',
    plan,
    outcomes: [
      { change, outcome: 'applied', sent: 'answered', found: change.after, reason: null, auditHash: SHA256 },
      { change, outcome: 'did-not-stick', sent: 'answered', found: change.before, reason: null, auditHash: SHA256 },
    ],
    foreign: [{ principal: change.principal, access: 4, row: { type: 'inbox', id: 5003, level: 10 }, before: 0 }],
    after: plan,
    unconfirmed: null,
  };
  return [
    {
      kind: 'daemon.started',
      version: '0.1.0',
      policies: [`${ORIGIN.policy}`],
      schedule: '*/15 * * * *',
      timezone: 'Etc/UTC',
      stateDir: '/var/lib/grantd',
      httpAddress: '127.0.0.1:9911',
    },
    { kind: 'http.other-address', httpAddress: '0.0.0.0:9911', reason: `EAFNOSUPPORT${foreign}` },
    { kind: 'daemon.stopping', reason: `SIGTERM${foreign}` },
    { kind: 'daemon.stopped' },
    { kind: 'clock.jumped', ...ORIGIN, byMs: 3_600_000 },
    { kind: 'mailtrap.delivered', ...ORIGIN, events: 3, newEvents: 2, unread: 0 },
    { kind: 'mailtrap.delivered', ...ORIGIN, events: 0, newEvents: 0, unread: 1 },
    { kind: 'policy.unreadable', ...ORIGIN, account: null, error: apiError, saysPaused: false, fallback: null },
    { kind: 'policy.unreadable', ...ORIGIN, error: apiError, saysPaused: true, fallback: revision },
    {
      kind: 'policy.accepted',
      ...ORIGIN,
      trigger: 'file',
      revision,
      acceptedAt: NOW,
      mode: 'authoritative',
      isPaused: false,
      grants: 8,
      problems: [{ ...problem(3, foreign), severity: 'warning' }],
    },
    {
      kind: 'policy.rejected',
      ...ORIGIN,
      revision: { ...revision, commit: null },
      problems: [problem(1, foreign), problem(2, foreign)],
      saysPaused: true,
      fallback: revision,
    },
    { kind: 'policy.restored', ...ORIGIN, revision },
    { kind: 'lease.lost', ...ORIGIN, reason: `it was taken${foreign}` },
    { kind: 'lease.standby', ...ORIGIN, holder: null },
    { kind: 'lease.standby', ...ORIGIN, holder: `pod${foreign}` },
    {
      kind: 'lease.unreachable',
      ...ORIGIN,
      error: new GrantdError('cluster-unreachable', `no answer${foreign}`, 'see whether it is up'),
    },
    { kind: 'lease.released', ...ORIGIN },
    { kind: 'lease.superseded', ...ORIGIN, revision, waitMs: 600_000 },
    { kind: 'lease.acquired', ...ORIGIN, holder: `pod${foreign}`, transitions: 3 },
    { kind: 'policy.never-changes', ...ORIGIN, reason: `it is mounted by itself${foreign}` },
    { kind: 'watch.mode', ...ORIGIN, mode: 'inotify', reason: null },
    { kind: 'watch.mode', ...ORIGIN, mode: 'polling', reason: `too many watches${foreign}` },
    { kind: 'schedule.missed', ...ORIGIN },
    { kind: 'next.planned', ...ORIGIN, scheduleAt: null, boundaryAt: null, retryAt: NOW },
    { kind: 'next.planned', ...ORIGIN, scheduleAt: NOW + 900_000, boundaryAt: NOW + 86_400_000, retryAt: null },
    { kind: 'run.asked', ...ORIGIN, trigger: 'request', commit: `c${foreign}` },
    { kind: 'run.asked', ...ORIGIN, trigger: 'schedule', commit: null },
    { kind: 'run.started', ...MARK },
    { kind: 'run.planned', ...MARK, plan },
    { kind: 'run.planned', ...MARK, plan: idlePlan() },
    {
      kind: 'run.put',
      ...MARK,
      outcome: { changes: [change], sent: 'answered', error: null, reason: null, auditHash: SHA256 },
    },
    {
      kind: 'run.put',
      ...MARK,
      outcome: { changes: [change], sent: 'failed', error: apiError, reason: `it${foreign}`, auditHash: null },
    },
    { kind: 'run.deadline', ...MARK, timeoutMs: 600_000 },
    { kind: 'change.applied', ...MARK, change, auditHash: SHA256 },
    {
      kind: 'change.not-applied',
      ...MARK,
      outcome: { change, outcome: 'failed', sent: 'failed', found: null, reason: `422${foreign}`, auditHash: null },
    },
    { kind: 'change.contested', ...MARK, change, hasBeenInPlace: true },
    { kind: 'token.disproven', ...MARK, change },
    endedRun('complete'),
    endedRun('partial', { result: written, commitToAppliedSeconds: 12.5 }),
    endedRun('partial', { result: { ...written, after: null, unconfirmed: apiError } }),
    endedRun('held', { result: { kind: 'not-written', plan } }),
    endedRun('failed', { error: apiError }),
    endedRun('failed', { error: fault }),
    { kind: 'token.expiry', ...ORIGIN, expiresAt: null },
    { kind: 'token.expiry', ...ORIGIN, expiresAt: NOW + 86_400_000 },
    { kind: 'state.lost', ...ORIGIN, reason: `torn${foreign}` },
    { kind: 'state.left-open', ...ORIGIN, leftIn: 4711, rows: 2, error: fault },
    { kind: 'state.left-open', ...ORIGIN, leftIn: 4711, rows: 0, error: null },
    {
      kind: 'state.unwritable',
      ...ORIGIN,
      error: new GrantdError('state-unwritable', `no space${foreign}`, 'free some'),
    },
    { kind: 'audit.repaired', ...ORIGIN, bytes: 17 },
    { kind: 'audit.unknown', ...ORIGIN, access: 4, runId: MARK.runId },
    { kind: 'audit.exposed', ...ORIGIN, openTo: 'write' },
    request({ status: 200 }),
    request({ status: null, retry: 'timeout', waitedMs: 250 }),
    { kind: 'notify.failed', target: 'slack', reason: `410 Gone${foreign}` },
    { kind: 'notify.dropped', target: 'slack', count: 3 },
  ];
}

export function request(more: Partial<Extract<DaemonEvent, { kind: 'api.request' }>> = {}): DaemonEvent {
  return {
    kind: 'api.request',
    ...ORIGIN,
    method: 'GET',
    route: '/api/accounts/{account_id}/permissions/resources',
    status: 200,
    durationMs: 123,
    waitedMs: 0,
    retry: null,
    ...more,
  };
}

export function kindsOf(events: readonly DaemonEvent[]): readonly DaemonEventKind[] {
  return [...new Set(events.map(({ kind }) => kind))].sort();
}

/** Names, labels and sentences. `reason` is one only where it is no code: in a line of the policy. */
const FOREIGN_KEYS = new Set(['label', 'message', 'remedy', 'name', 'email', 'waitsFor', 'text', 'resource', 'file']);

function fill<T>(value: T, foreign: string, key = ''): T {
  if (typeof value === 'string') return (FOREIGN_KEYS.has(key) ? `${value}${foreign}` : value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => fill(item, foreign, key)) as T;
  const isCause = 'otherPaths' in value;
  const entries = Object.entries(value).map(([inner, item]) => [
    inner,
    isCause && inner === 'reason' && item !== null ? `${item}${foreign}` : fill(item, foreign, inner),
  ]);
  return Object.fromEntries(entries) as T;
}
