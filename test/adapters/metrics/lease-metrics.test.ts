import { expect, test } from 'vitest';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { fedMetrics } from '../../support/observed.ts';
import { busyPlan, endedRun, everyEvent, MARK, NOW, ORIGIN } from '../log/support/events.ts';
import { readScrape, valueIn } from './support/exposition-reader.ts';

const ACCEPTED = everyEvent().find(({ kind }) => kind === 'policy.accepted') as DaemonEvent;
const HELD: DaemonEvent = { kind: 'lease.acquired', ...ORIGIN, holder: 'pod', transitions: 1 };
const LOST: DaemonEvent = { kind: 'lease.lost', ...ORIGIN, reason: 'taken' };
const STANDBY: DaemonEvent = { kind: 'lease.standby', ...ORIGIN, holder: 'other' };
const RUN: readonly DaemonEvent[] = [
  { kind: 'run.started', ...MARK },
  { kind: 'run.planned', ...MARK, plan: busyPlan() },
  endedRun('failed', { failures: 2 }),
];

function valuesAfter(...events: readonly DaemonEvent[]) {
  const metrics = fedMetrics({ version: '0.1.0', nodeVersion: '20.20.0', now: () => NOW });
  for (const event of events) metrics.observe(event);
  const scrape = readScrape(metrics.render());
  const labels = { account: String(ORIGIN.account), policy: ORIGIN.policy };
  const value = (name: string) => valueIn(scrape, `grantd_${name}`, labels);
  return {
    leader: value('leader'),
    held: value('held'),
    failures: value('consecutive_failures'),
    success: value('last_success_timestamp_seconds'),
  };
}

test('without leases the one process leads', () => {
  expect(valuesAfter(ACCEPTED)).toMatchObject({ leader: 1, success: 0 });
});

test('a standby has no series that only runs tell, so no alert takes it for one that is stuck', () => {
  expect(valuesAfter(STANDBY, ACCEPTED)).toEqual({ leader: 0, held: null, failures: 0, success: null });
});

test('a leader has them from when it leads', () => {
  expect(valuesAfter(STANDBY, ACCEPTED, HELD)).toMatchObject({ leader: 1, success: 0 });
  expect(valuesAfter(STANDBY, ACCEPTED, HELD, ...RUN)).toMatchObject({ leader: 1, failures: 2 });
});

test('who has lost the Lease tells nothing more of what it knew', () => {
  expect(valuesAfter(STANDBY, ACCEPTED, HELD, ...RUN, LOST)).toEqual({
    leader: 0,
    held: null,
    failures: 0,
    success: null,
  });
});
