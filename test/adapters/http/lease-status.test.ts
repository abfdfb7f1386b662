import { expect, test } from 'vitest';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { fedBoard } from '../../support/observed.ts';
import { everyEvent, NOW, ORIGIN } from '../log/support/events.ts';

const ACCEPTED = everyEvent().find(({ kind }) => kind === 'policy.accepted') as DaemonEvent;
const HELD: DaemonEvent = { kind: 'lease.acquired', ...ORIGIN, holder: 'pod-1', transitions: 1 };
const STANDBY: DaemonEvent = { kind: 'lease.standby', ...ORIGIN, holder: 'pod-2' };
const UNREACHABLE: DaemonEvent = {
  kind: 'lease.unreachable',
  ...ORIGIN,
  error: new GrantdError('cluster-unreachable', 'no answer', 'wait'),
};
const SUPERSEDED: DaemonEvent = {
  kind: 'lease.superseded',
  ...ORIGIN,
  revision: { sha256: 'a'.repeat(64), commit: null },
  waitMs: 600_000,
};

function statusAfter(...events: readonly DaemonEvent[]) {
  const board = fedBoard({ version: 'test', clock: { now: () => NOW } });
  for (const event of events) board.observe(event);
  const [account] = board.status().accounts;
  if (account === undefined) throw new Error('no account');
  const reasons = Object.fromEntries(
    account.conditions.map(({ type, status, reason }) => [type, `${status} ${reason}`]),
  );
  return { lease: account.lease, reasons };
}

test('where leases are off there is none', () => {
  expect(statusAfter(ACCEPTED).lease).toBe(null);
});

test('a standby is ready, names the holder, and reconciles nothing', () => {
  const { lease, reasons } = statusAfter(STANDBY, ACCEPTED);
  expect(lease).toMatchObject({ role: 'standby', holder: 'pod-2', error: null });
  expect(reasons).toMatchObject({ Ready: 'True StandingBy', Reconciling: 'False Idle' });
});

test('the leader is judged by its runs', () => {
  const { lease, reasons } = statusAfter(ACCEPTED, HELD);
  expect(lease).toMatchObject({ role: 'leader', holder: 'pod-1' });
  expect(reasons).toMatchObject({ Ready: 'False NewRevision', Reconciling: 'True NewRevision' });
});

test('who cannot find out is not ready, and says why', () => {
  const { lease, reasons } = statusAfter(ACCEPTED, UNREACHABLE);
  expect(lease).toMatchObject({ role: 'unknown', holder: null, error: { code: 'cluster-unreachable' } });
  expect(reasons['Ready']).toBe('False LeaseUnknown');
});

test('a leader whose file lags behind says until when it waits', () => {
  const { lease, reasons } = statusAfter(ACCEPTED, HELD, SUPERSEDED);
  expect(lease).toMatchObject({
    role: 'leader',
    waitsUntil: new Date(NOW + 600_000).toISOString().replace('.000Z', 'Z'),
  });
  expect(reasons).toMatchObject({ Ready: 'False FileLagsBehind', Reconciling: 'True FileLagsBehind' });
});
