import { expect, test } from 'vitest';
import { notificationsOf } from '../../../src/adapters/notify/notifications-of.ts';
import { NOTHING_TOLD } from '../../../src/adapters/notify/told.ts';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { busyPlan, endedRun, MARK, NOW, ORIGIN } from '../log/support/events.ts';

const HELD: DaemonEvent = { kind: 'lease.acquired', ...ORIGIN, holder: 'pod', transitions: 1 };
const LOST: DaemonEvent = { kind: 'lease.lost', ...ORIGIN, reason: 'taken' };
const STANDBY: DaemonEvent = { kind: 'lease.standby', ...ORIGIN, holder: null };
const BEGUN: DaemonEvent = { kind: 'run.started', ...MARK };
const FAILED: DaemonEvent = endedRun('failed', { error: new GrantdError('api-unreachable', 'no answer', 'wait') });
const BAD: DaemonEvent = {
  kind: 'policy.unreadable',
  ...ORIGIN,
  error: new GrantdError('policy-unreadable', 'gone', 'look'),
  fallback: null,
};
const HOLDING: DaemonEvent = endedRun('held', { result: { kind: 'not-written', plan: busyPlan() } });

/** The kinds of what somebody is told in this course of events. */
function told(...events: readonly DaemonEvent[]): readonly string[] {
  let state = NOTHING_TOLD;
  return events.flatMap((event) => {
    const { told: after, messages } = notificationsOf(state, event, NOW);
    state = after;
    return messages.map(({ data }) => data.kind);
  });
}

test('without leases everything is told', () => {
  expect(told(BAD, BEGUN, FAILED)).toEqual(['policy.unreadable', 'run.failing']);
});

test('a replica that stands by tells nobody of its file', () => {
  expect(told(STANDBY, BAD)).toEqual([]);
  expect(told(STANDBY, HELD, BAD)).toEqual(['policy.unreadable']);
});

test('a run is told of by whoever began it as the writer, also where it lost the Lease in it', () => {
  expect(told(STANDBY, HELD, BEGUN, LOST, FAILED)).toEqual(['run.failing']);
  expect(told(STANDBY, HELD, LOST, BEGUN, FAILED)).toEqual([]);
});

test('a new writer tells again what guards hold', () => {
  expect(told(STANDBY, HELD, BEGUN, HOLDING)).toContain('changes.held');
});
