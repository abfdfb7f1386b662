import { describe, expect, test } from 'vitest';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { ERROR_CODES, GrantdError } from '../../../src/core/domain/text/error.ts';
import { busyWorld } from '../../report/worlds.ts';
import { statusesAt } from '../../support/observed.ts';
import { busyPlan, endedRun, everyEvent, idlePlan, MARK, NOW, ORIGIN, problem } from '../log/support/events.ts';
import { busyBoard, FOREIGN, testedBoard } from './support/boards.ts';
import { loosePlaces, publishedSchema, schemaJudge } from './support/schema-errors.ts';

const STARTED = everyEvent()[0] as DaemonEvent;
const ACCEPTED = everyEvent().find(({ kind }) => kind === 'policy.accepted') as DaemonEvent;
const judge = schemaJudge('status');

test('the schema of the status is strict and describes everything', () => {
  expect(loosePlaces(publishedSchema('status'))).toEqual([]);
});

test('after every event the status and what everybody may see of it fit the schema', () => {
  const board = testedBoard();
  expect(judge(board.status())).toEqual([]);
  for (const event of everyEvent(FOREIGN)) {
    board.tell(event);
    expect(judge(board.status()), event.kind).toEqual([]);
    expect(judge(board.publicStatus()), event.kind).toEqual([]);
  }
});

describe('what everybody may see', () => {
  test('holds no e-mail, no name and no text of others', () => {
    const board = testedBoard();
    for (const event of everyEvent(FOREIGN)) {
      board.tell(event);
      expect(JSON.stringify(board.publicStatus()), event.kind).not.toMatch(/@|mallory|Checkout|Mobile|token:/);
    }
    expect(JSON.stringify(board.status())).toMatch(/ann@example\.com.*mallory/i);
  });

  test('has the plain sentence of a code where a text of its own stood, or nothing', () => {
    const board = busyBoard();
    board.tell(
      ...everyEvent(FOREIGN)
        .filter(({ kind }) => kind === 'policy.unreadable' || kind === 'run.planned')
        .slice(0, 3),
    );
    const [open] = board.publicStatus().accounts;
    const errors = [open?.validity.error, ...(open?.runs.map(({ error }) => error) ?? [])].flatMap(
      (error) => error ?? [],
    );
    expect(errors.length).toBeGreaterThan(1);
    for (const error of errors) expect(error).toEqual({ ...error, message: ERROR_CODES[error.code], remedy: null });
    expect(open?.pending?.refusals.map(({ message }) => message)).toEqual([null]);
  });

  test('is otherwise the same: counts, digests, revisions and codes', () => {
    const board = busyBoard();
    const [all] = board.status().accounts;
    const [open] = board.publicStatus().accounts;
    expect(open?.pending?.counts).toEqual(all?.pending?.counts);
    expect(open?.runs.map(({ error }) => error?.code)).toEqual(all?.runs.map(({ error }) => error?.code));
    expect(open?.revisions).toEqual(all?.revisions);
    expect(open?.pending?.changesLeftOut).toBeGreaterThan(0);
  });
});

test('a plan is told with its changes, held parts and counts', () => {
  const board = testedBoard();
  const plan = busyPlan();
  board.tell(STARTED, ACCEPTED, endedRun('held', { result: { kind: 'not-written', plan } }));
  const { pending } = board.status().accounts[0] ?? {};
  const heldChanges = plan.held.flatMap(({ changes }) => changes).length;
  expect(pending).toMatchObject({
    digest: plan.digest,
    counts: {
      changes: plan.changes.length,
      held: plan.held.length,
      heldChanges,
      deferred: plan.deferred.length,
      unmanageable: plan.unmanageable.length,
      absent: plan.absent.length,
      unlisted: plan.unlisted.length,
    },
    changesLeftOut: 0,
  });
  expect(pending?.changes?.length).toBe(plan.changes.length + heldChanges + plan.deferred.length);
  expect(new Set(pending?.changes?.map(({ disposition }) => disposition))).toEqual(
    new Set(['planned', 'held', 'deferred']),
  );
});

test('changes over 1000 are counted', () => {
  const board = testedBoard();
  const plan = busyPlan();
  const [change] = plan.changes;
  if (!change) throw new Error('no change');
  const changes = Array.from({ length: 1500 }, (_, index) => ({ ...change, access: index + 1 }));
  board.tell(STARTED, { kind: 'run.planned', ...MARK, plan: { ...plan, changes, held: [], deferred: [] } });
  const { pending } = board.status().accounts[0] ?? {};
  expect(pending?.changes).toHaveLength(1000);
  expect(pending).toMatchObject({ changesLeftOut: 500, counts: { changes: 1500 } });
});

test('the last 20 runs are told, the newest first, with how each ended', () => {
  const board = testedBoard();
  board.tell(STARTED, ACCEPTED);
  for (let number = 1; number <= 25; number += 1) {
    const runId = `run-${number}`;
    board.tell({ kind: 'run.started', ...MARK, runId }, { ...endedRun('complete'), runId } as DaemonEvent);
  }
  const { runs = [] } = board.status().accounts[0] ?? {};
  expect(runs.map(({ runId }) => runId)).toEqual(Array.from({ length: 20 }, (_, index) => `run-${25 - index}`));
  expect(runs[19]).toMatchObject({
    trigger: 'schedule',
    end: 'complete',
    startedAt: new Date(NOW + 12_000).toISOString().replace('.000Z', 'Z'),
    durationMs: 1235,
    counts: { planned: 0, applied: 0, notApplied: 0, held: 0, deferred: 0 },
    error: null,
  });
});

test('what was accepted, attempted and applied are told apart, each with its moment', () => {
  const board = testedBoard();
  const error = new GrantdError('api-timeout', 'no answer', 'wait');
  const revisions = () => board.status().accounts[0]?.revisions;
  const at = (second: number) => ({ ...MARK.revision, at: `2026-11-24T04:00:0${second}Z` });
  board.tell(STARTED, ACCEPTED);
  expect(revisions()).toEqual({ accepted: at(0), attempted: null, applied: null });
  board.tell({ kind: 'run.started', ...MARK });
  expect(revisions()).toEqual({ accepted: at(0), attempted: at(2), applied: null });
  board.tell(endedRun('failed', { error }));
  expect(revisions()).toEqual({ accepted: at(0), attempted: at(2), applied: null });
  board.tell({ kind: 'run.started', ...MARK }, endedRun('complete'));
  expect(revisions()).toEqual({ accepted: at(0), attempted: at(4), applied: at(5) });
});

test('a run while a last good text stands in applies no revision, and makes nothing ready', () => {
  const board = testedBoard();
  const { revision } = MARK;
  const rejected = { kind: 'policy.rejected', ...ORIGIN, revision, problems: [], saysPaused: false } as const;
  board.tell(STARTED, ACCEPTED, { ...rejected, fallback: revision }, { kind: 'run.started', ...MARK });
  board.tell({ kind: 'policy.restored', ...ORIGIN, revision }, endedRun('complete'));
  expect(board.status().accounts[0]).toMatchObject({
    revisions: { attempted: revision, applied: null },
    conditions: [{ type: 'Ready', status: 'False', reason: 'NewRevision' }, {}, {}, {}, {}],
  });
  board.tell({ kind: 'run.started', ...MARK }, endedRun('complete'));
  expect(board.status().accounts[0]).toMatchObject({
    revisions: { applied: revision },
    conditions: [{ type: 'Ready', status: 'True', reason: 'Succeeded' }, {}, {}, {}, {}],
  });
});

test('the next run, the watch, the path and the end of the token are told as they were last', () => {
  const board = testedBoard();
  const next = { kind: 'next.planned', ...ORIGIN } as const;
  board.tell(STARTED, { ...next, scheduleAt: NOW, boundaryAt: null, retryAt: NOW + 1 });
  expect(board.status().accounts[0]?.next).toEqual({
    scheduleAt: '2026-11-24T04:00:00Z',
    boundaryAt: null,
    retryAt: '2026-11-24T04:00:00.001Z',
  });
  board.tell({ ...next, scheduleAt: null, boundaryAt: NOW, retryAt: null });
  board.tell({ kind: 'watch.mode', ...ORIGIN, mode: 'polling', reason: 'too many watches' });
  board.tell({ kind: 'policy.never-changes', ...ORIGIN, reason: 'it is mounted by itself' });
  board.tell({ kind: 'token.expiry', ...ORIGIN, expiresAt: NOW });
  expect(board.status().accounts[0]).toMatchObject({
    next: { scheduleAt: null, boundaryAt: '2026-11-24T04:00:00Z', retryAt: null },
    watch: { mode: 'polling', reason: 'too many watches' },
    validity: { isFrozen: true, frozenBecause: 'it is mounted by itself' },
    tokenExpiresAt: '2026-11-24T04:00:00Z',
  });
  board.tell({ kind: 'token.expiry', ...ORIGIN, expiresAt: null });
  expect(board.status().accounts[0]?.tokenExpiresAt).toBeNull();
});

test('an invalid text is told with its problems, the first 50, until the good one is back', () => {
  const board = testedBoard();
  const problems = Array.from({ length: 150 }, (_, index) => problem(index + 1));
  const { revision } = MARK;
  board.tell(STARTED, ACCEPTED, {
    kind: 'policy.rejected',
    ...ORIGIN,
    revision,
    problems,
    saysPaused: true,
    fallback: revision,
  });
  const invalid = board.status().accounts[0]?.validity;
  expect(invalid).toMatchObject({ state: 'invalid', fallback: true, isPaused: true, problemsLeftOut: 100 });
  expect(invalid?.problems).toHaveLength(50);
  board.tell({ kind: 'policy.restored', ...ORIGIN, revision });
  expect(board.status().accounts[0]?.validity).toMatchObject({
    state: 'valid',
    fallback: false,
    isPaused: false,
    problems: [{ severity: 'warning' }],
    problemsLeftOut: 0,
  });
});

test('contested changes are counted until they are no longer planned', () => {
  const { plan } = busyWorld();
  const board = testedBoard();
  const change = plan.changes[0] ?? plan.held[0]?.changes[0];
  if (!change) throw new Error('no change');
  board.tell(
    STARTED,
    ACCEPTED,
    { kind: 'change.contested', ...MARK, change, hasBeenInPlace: true },
    endedRun('complete'),
  );
  expect(board.status().accounts[0]?.contested).toBe(1);
  board.tell({ kind: 'run.planned', ...MARK, plan });
  expect(board.status().accounts[0]?.contested).toBe(1);
  board.tell({ kind: 'run.planned', ...MARK, plan: idlePlan() });
  expect(board.status().accounts[0]?.contested).toBe(0);
});

test('what says nothing new leaves the board as it is', () => {
  const statuses = statusesAt(() => NOW);
  for (const event of [STARTED, ACCEPTED]) statuses.emit(event);
  const [before] = statuses.all;
  for (const kind of ['api.request', 'schedule.missed', 'change.applied', 'run.put', 'notify.failed', 'clock.jumped']) {
    const events = everyEvent().filter((event) => event.kind === kind);
    expect(events.length, kind).toBeGreaterThan(0);
    for (const event of events) {
      statuses.emit(event);
      expect(statuses.all[0], kind).toBe(before);
    }
  }
});

test('long texts of others are cut', () => {
  const board = testedBoard();
  board.tell(...everyEvent('x'.repeat(100_000)));
  expect(JSON.stringify(board.status()).length).toBeLessThan(200_000);
});

test('a run past its deadline is told as overdue until it ends', () => {
  const board = testedBoard();
  const running = () => board.status().accounts[0]?.running;
  board.tell(STARTED, ACCEPTED, { kind: 'run.started', ...MARK });
  const { runId, trigger } = MARK;
  const startedAt = '2026-11-24T04:00:02Z';
  expect(running()).toEqual({ runId, trigger, startedAt, isOverdue: false });
  board.tell({ kind: 'run.deadline', ...MARK, timeoutMs: 1 });
  expect(running()).toEqual({ runId, trigger, startedAt, isOverdue: true });
  board.tell(endedRun('stopped'));
  expect(running()).toBeNull();
});

describe('readiness', () => {
  const two: DaemonEvent = { ...STARTED, policies: [ORIGIN.policy, 'other.yaml'] } as DaemonEvent;

  test('waits for the daemon, and for a valid policy of every account', () => {
    const board = testedBoard();
    expect(board.ready()).toEqual({ ok: false, reasons: ['the daemon has not started yet'] });
    board.tell(two, ACCEPTED);
    const reasons = ['other.yaml: grantd has not read a valid policy since the start'];
    expect(board.ready()).toEqual({ ok: false, reasons });
    board.tell({ ...ACCEPTED, policy: 'other.yaml', account: 2 } as DaemonEvent);
    expect(board.ready()).toEqual({ ok: true, reasons: [] });
  });

  test('is not lost by a text that is invalid later, nor by an API that fails', () => {
    const board = testedBoard();
    const error = new GrantdError('api-unreachable', 'no answer', 'wait');
    board.tell(STARTED, ACCEPTED, endedRun('failed', { error }));
    board.tell({ kind: 'policy.unreadable', ...ORIGIN, error, saysPaused: false, fallback: MARK.revision });
    expect(board.ready().ok).toBe(true);
  });

  test('accounts stand in the order of the settings', () => {
    const board = testedBoard();
    board.tell({ kind: 'watch.mode', policy: 'other.yaml', account: null, mode: 'polling', reason: null }, two);
    expect(board.status().accounts.map(({ policy }) => policy)).toEqual([ORIGIN.policy, 'other.yaml']);
    expect(board.status().accounts[1]?.watch).toEqual({ mode: 'polling', reason: null });
  });
});
