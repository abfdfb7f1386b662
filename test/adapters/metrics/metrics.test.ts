import { describe, expect, it } from 'vitest';
import type { Change, Plan } from '../../../src/core/domain/plan/plan.ts';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { fedMetrics } from '../../support/observed.ts';
import {
  busyPlan,
  COMMIT,
  endedRun,
  everyEvent,
  idlePlan,
  MARK,
  NOW,
  ORIGIN,
  request,
  SHA256,
} from '../log/support/events.ts';
import { readScrape, valueIn } from './support/exposition-reader.ts';

const ACCEPTED = everyEvent().find(({ kind }) => kind === 'policy.accepted') as DaemonEvent;
const REJECTED = everyEvent().find(({ kind }) => kind === 'policy.rejected') as DaemonEvent;

/** The metrics after these events, by name and labels. */
function told(...events: readonly DaemonEvent[]): (name: string, labels?: Record<string, string>) => number | null {
  const metrics = fedMetrics({ version: '0.1.0', nodeVersion: '20.20.0', now: () => NOW });
  for (const event of events) metrics.observe(event);
  const scrape = readScrape(metrics.render());
  return (name, labels) => valueIn(scrape, `grantd_${name}`, labels);
}

function planned(plan: Plan): DaemonEvent {
  return { kind: 'run.planned', ...MARK, plan };
}

function contested(change: Change): DaemonEvent {
  return { kind: 'change.contested', ...MARK, change, hasBeenInPlace: false };
}

describe('an account', () => {
  it('has series from the first word of its loop, without an account until a policy has said it', () => {
    const [started] = everyEvent();
    const value = told(started as DaemonEvent);
    expect(value('leader', { account: '', policy: ORIGIN.policy })).toBe(1);
    expect(value('policy_valid', { account: '' })).toBe(0);
    expect(value('reconcile_total', { result: 'failed', trigger: 'schedule' })).toBe(0);
    expect(value('changes_applied_total', { kind: 'remove', cause: 'drift' })).toBe(0);
    expect(value('api_retries_total', { reason: 'rate-limited' })).toBe(0);
    expect(value('audit_failures_total')).toBe(0);
    expect(value('policy_info')).toBeNull();
    expect(value('last_success_timestamp_seconds')).toBeNull();
  });

  it('keeps what it counted when its account becomes known', () => {
    const early = { kind: 'schedule.missed', ...ORIGIN, account: null } as const;
    const value = told(early, ACCEPTED, early);
    expect(value('schedule_missed_total', { account: '3229' })).toBe(2);
    expect(value('schedule_missed_total', { account: '' })).toBeNull();
  });

  it('is told apart from another one', () => {
    const other = { ...ORIGIN, policy: 'b.yaml', account: 7 };
    const value = told(ACCEPTED, { kind: 'schedule.missed', ...other });
    expect(value('schedule_missed_total', { account: '7', policy: 'b.yaml' })).toBe(1);
    expect(value('schedule_missed_total', { account: '3229' })).toBe(0);
  });
});

describe('the policy', () => {
  it('in force is the last valid one, and no series of an older one stays', () => {
    const next = { ...ACCEPTED, revision: { sha256: 'ef'.repeat(32), commit: null } } as DaemonEvent;
    expect(told(ACCEPTED)('policy_info', { sha256: SHA256, commit: COMMIT })).toBe(1);
    expect(told(ACCEPTED, next)('policy_info', { sha256: 'ef'.repeat(32), commit: '' })).toBe(1);
    expect(told(ACCEPTED, next)('policy_info', { sha256: SHA256 })).toBeNull();
    expect(told(ACCEPTED, next, REJECTED)('policy_info', { sha256: 'ef'.repeat(32) })).toBe(1);
  });

  it('is valid or not as of now', () => {
    const restored = { kind: 'policy.restored', ...ORIGIN, revision: MARK.revision } as const;
    const unreadable = everyEvent().find(({ kind }) => kind === 'policy.unreadable') as DaemonEvent;
    expect(told(ACCEPTED)('policy_valid')).toBe(1);
    expect(told(ACCEPTED, REJECTED)('policy_valid')).toBe(0);
    expect(told(ACCEPTED, unreadable)('policy_valid')).toBe(0);
    expect(told(ACCEPTED, REJECTED, restored)('policy_valid')).toBe(1);
  });

  it('is paused by its own word, or by that of an invalid text until the valid one is back', () => {
    const restored = { kind: 'policy.restored', ...ORIGIN, revision: MARK.revision } as const;
    const paused = { ...ACCEPTED, isPaused: true } as DaemonEvent;
    const notPaused = { ...REJECTED, saysPaused: false } as DaemonEvent;
    expect(told(ACCEPTED)('paused')).toBe(0);
    expect(told(paused)('paused')).toBe(1);
    expect(told(ACCEPTED, REJECTED)('paused')).toBe(1);
    expect(told(ACCEPTED, REJECTED, restored)('paused')).toBe(0);
    expect(told(paused, notPaused)('paused')).toBe(1);
  });
});

describe('a run', () => {
  it('is counted by how it ended and what asked for it, and measured', () => {
    const value = told(
      ACCEPTED,
      endedRun('complete', { trigger: 'poll', durationMs: 2500, commitToAppliedSeconds: 7 }),
    );
    expect(value('reconcile_total', { result: 'complete', trigger: 'poll' })).toBe(1);
    expect(value('reconcile_duration_seconds_sum')).toBe(2.5);
    expect(value('reconcile_duration_seconds_bucket', { le: '1' })).toBe(0);
    expect(value('reconcile_duration_seconds_bucket', { le: '2.5' })).toBe(1);
    expect(value('reconcile_duration_seconds_bucket', { le: '+Inf' })).toBe(1);
    expect(value('commit_to_applied_seconds_count')).toBe(1);
    expect(value('commit_to_applied_seconds_sum')).toBe(7);
  });

  it.each(['complete', 'held', 'deferred', 'paused', 'observed'] as const)('that ended %s did all it may', (end) => {
    expect(told(ACCEPTED, endedRun(end))('last_success_timestamp_seconds')).toBe(NOW / 1000);
  });

  it.each(['partial', 'failed', 'stopped'] as const)('that ended %s did not', (end) => {
    expect(told(ACCEPTED, endedRun(end, { failures: 4 }))('last_success_timestamp_seconds')).toBe(0);
    expect(told(ACCEPTED, endedRun(end, { failures: 4 }))('consecutive_failures')).toBe(4);
  });

  it('is an attempt from its beginning on', () => {
    expect(told(ACCEPTED)('last_attempt_timestamp_seconds')).toBe(0);
    expect(told(ACCEPTED, { kind: 'run.started', ...MARK })('last_attempt_timestamp_seconds')).toBe(NOW / 1000);
  });

  it('tells how far the account is from the policy, held and deferred changes included', () => {
    const plan = busyPlan();
    const value = told(planned(plan));
    const wanted = [
      ...plan.changes,
      ...plan.held.flatMap((part) => part.changes),
      ...plan.deferred.map((w) => w.change),
    ];
    for (const kind of ['create', 'raise', 'lower', 'remove']) {
      expect(value('pending_changes', { kind })).toBe(wanted.filter((change) => change.kind === kind).length);
    }
    expect(value('held')).toBe(1);
    const unresolved = plan.deferred.filter(({ reason }) => reason === 'unresolved-name');
    expect(value('deferred_changes', { reason: 'unresolved-name' })).toBe(unresolved.length);
    expect(value('deferred_changes', { reason: 'contested' })).toBe(0);
    expect(value('unmanageable_rows')).toBe(plan.unmanageable.length);
    expect(value('absent_principals')).toBe(plan.absent.length);
    expect(value('unlisted_principals')).toBe(plan.unlisted.length);
  });

  it('that wrote tells what remains after it', () => {
    const written = { kind: 'written', plan: busyPlan(), outcomes: [], foreign: [], unconfirmed: null } as const;
    const done = endedRun('complete', { result: { ...written, after: idlePlan() } });
    const unknown = endedRun('partial', { result: { ...written, after: null } });
    expect(told(planned(busyPlan()), done)('pending_changes', { kind: 'create' })).toBe(0);
    expect(told(planned(busyPlan()), done)('held')).toBe(0);
    expect(told(planned(busyPlan()), unknown)('held')).toBe(1);
  });

  it('counts each applied change', () => {
    const [change] = busyPlan().changes as readonly [Change];
    const value = told({ kind: 'change.applied', ...MARK, change, auditHash: null });
    expect(value('changes_applied_total', { kind: change.kind, cause: 'unknown' })).toBe(1);
    expect(value('changes_applied_total', { kind: change.kind, cause: 'drift' })).toBe(0);
  });
});

describe('an applied change whose cause is known', () => {
  it('counts under that cause', () => {
    const [change] = busyPlan().changes as readonly [Change];
    const value = told({ kind: 'change.applied', ...MARK, change: { ...change, cause: 'drift' }, auditHash: null });
    expect(value('changes_applied_total', { kind: change.kind, cause: 'drift' })).toBe(1);
    expect(value('changes_applied_total', { kind: change.kind, cause: 'unknown' })).toBe(0);
  });
});

describe('a contested change', () => {
  const plan = busyPlan();
  const [change] = plan.changes as readonly [Change];
  const waiting: Plan = { ...plan, changes: [], deferred: [{ change, reason: 'contested', waitsFor: 'tomorrow' }] };

  it('counts from when it is told, while it waits, and while it is tried again', () => {
    expect(told(planned(plan))('contested_changes')).toBe(0);
    expect(told(planned(plan), contested(change))('contested_changes')).toBe(1);
    expect(told(planned(plan), contested(change), planned(waiting))('contested_changes')).toBe(1);
    expect(told(planned(waiting), planned(plan))('contested_changes')).toBe(1);
  });

  it('counts after a restart, by the plan alone', () => {
    expect(told(planned(waiting))('contested_changes')).toBe(1);
  });

  it('counts no more once no run plans it', () => {
    expect(told(planned(waiting), planned(idlePlan()))('contested_changes')).toBe(0);
  });
});

describe('requests', () => {
  it('are counted by method, route and code, measured by method, and their waits are summed', () => {
    const route = '/api/accounts/{account_id}/permissions/resources';
    const value = told(
      request({ status: 429, retry: 'rate-limited', waitedMs: 500 }),
      request({ status: null, retry: 'timeout' }),
      request({ durationMs: 60_000, waitedMs: 250 }),
    );
    expect(value('api_requests_total', { method: 'GET', route, code: '429' })).toBe(1);
    expect(value('api_requests_total', { code: 'none' })).toBe(1);
    expect(value('api_requests_total', { code: '200' })).toBe(1);
    expect(value('api_retries_total', { reason: 'rate-limited' })).toBe(1);
    expect(value('api_retries_total', { reason: 'server-error' })).toBe(0);
    expect(value('rate_limit_wait_seconds_total')).toBe(0.75);
    expect(value('api_request_duration_seconds_bucket', { method: 'GET', le: '30' })).toBe(2);
    expect(value('api_request_duration_seconds_bucket', { method: 'GET', le: '+Inf' })).toBe(3);
    expect(value('api_request_duration_seconds_count', { method: 'PUT' })).toBe(0);
  });

  it('never make more series than there are words for them, whatever the other side answers', () => {
    const odd = Array.from({ length: 900 }, (_, index) => request({ status: 100 + index }));
    const strange = [
      request({ route: '/api/accounts/3229/x' }),
      request({ method: 'BREW' }),
      request({ retry: 'because ann@example.com' }),
    ];
    const metrics = fedMetrics({ version: '1', now: () => NOW });
    for (const event of [...odd, ...strange]) metrics.observe(event);
    const text = metrics.render();
    expect(text.match(/^grantd_api_requests_total/gm)?.length).toBeLessThan(80);
    expect(valueIn(readScrape(text), 'grantd_api_requests_total', { route: 'other' })).toBe(1);
    expect(valueIn(readScrape(text), 'grantd_api_requests_total', { method: 'other' })).toBe(1);
    expect(valueIn(readScrape(text), 'grantd_api_retries_total', { reason: 'other' })).toBe(1);
  });
});

describe('the rest', () => {
  it('is when things are due, and no series where nothing is', () => {
    const next = { kind: 'next.planned', ...ORIGIN, scheduleAt: NOW, boundaryAt: NOW + 5000, retryAt: null } as const;
    expect(told(next)('schedule_next_timestamp_seconds')).toBe(NOW / 1000);
    expect(told(next)('next_boundary_timestamp_seconds')).toBe(NOW / 1000 + 5);
    expect(told(next, { ...next, boundaryAt: null })('next_boundary_timestamp_seconds')).toBeNull();
    expect(told({ kind: 'token.expiry', ...ORIGIN, expiresAt: NOW })('token_expires_timestamp_seconds')).toBe(
      NOW / 1000,
    );
    expect(
      told(
        { kind: 'token.expiry', ...ORIGIN, expiresAt: NOW },
        { kind: 'token.expiry', ...ORIGIN, expiresAt: null },
      )('token_expires_timestamp_seconds'),
    ).toBeNull();
  });

  it('is how the file is watched', () => {
    const value = told({ kind: 'watch.mode', ...ORIGIN, mode: 'polling', reason: 'no inotify' });
    expect(value('watch_mode', { mode: 'polling' })).toBe(1);
    expect(value('watch_mode', { mode: 'inotify' })).toBe(0);
  });

  it('is what could not be written down or sent', () => {
    const error = new GrantdError('audit-unwritable', 'disk full', 'free some');
    const put = { changes: [], sent: 'failed', error, reason: null, auditHash: null } as const;
    const value = told(
      { kind: 'run.put', ...MARK, outcome: put },
      endedRun('failed', { error }),
      { kind: 'state.unwritable', ...ORIGIN, error: new GrantdError('state-unwritable', 'x', 'y') },
      { kind: 'notify.failed', target: 'slack', reason: 'x' },
      { kind: 'notify.dropped', target: 'slack', count: 3 },
    );
    expect(value('audit_failures_total')).toBe(2);
    expect(value('state_failures_total')).toBe(1);
    expect(value('notifications_lost_total')).toBe(4);
    expect(value('build_info', { version: '0.1.0', node_version: '20.20.0' })).toBe(1);
  });
});
