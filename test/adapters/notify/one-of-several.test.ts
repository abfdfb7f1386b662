import { expect, test } from 'vitest';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { busyPlan, endedRun, MARK, NOW, ORIGIN } from '../log/support/events.ts';
import { reportedOf } from './support/notified.ts';

const HELD: DaemonEvent = { kind: 'lease.acquired', ...ORIGIN, holder: 'pod', transitions: 1 };
const LOST: DaemonEvent = { kind: 'lease.lost', ...ORIGIN, reason: 'taken' };
const STANDBY: DaemonEvent = { kind: 'lease.standby', ...ORIGIN, holder: null };
const BEGUN: DaemonEvent = { kind: 'run.started', ...MARK };
const FAILED: DaemonEvent = endedRun('failed', { error: new GrantdError('api-unreachable', 'no answer', 'wait') });
const BAD: DaemonEvent = {
  kind: 'policy.unreadable',
  ...ORIGIN,
  error: new GrantdError('policy-unreadable', 'gone', 'look'),
  saysPaused: false,
  fallback: null,
};
const HOLDING: DaemonEvent = endedRun('held', { result: { kind: 'not-written', plan: busyPlan() } });

/** The kinds of what somebody is told in this course of events. */
function told(...events: readonly DaemonEvent[]): readonly string[] {
  return reportedOf(events, () => NOW).notifications.map(({ data }) => data.kind);
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
