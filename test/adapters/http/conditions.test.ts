import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type DaemonEvent, RUN_ENDS, type RunEnd } from '../../../src/core/domain/run/daemon-event.ts';
import { CONDITION_REASONS } from '../../../src/core/domain/status/condition-reasons.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { ROOT } from '../../support/build.ts';
import { busyPlan, endedRun, everyEvent, idlePlan, MARK, NOW, ORIGIN, problem } from '../log/support/events.ts';
import { testedBoard } from './support/boards.ts';

const { revision } = MARK;
const error = new GrantdError('api-timeout', 'no whole answer within 30 s', 'wait');
const started = everyEvent()[0] as DaemonEvent;
const accepted = everyEvent().find(({ kind }) => kind === 'policy.accepted') as DaemonEvent;
const began: DaemonEvent = { kind: 'run.started', ...MARK };
const rejected: DaemonEvent = {
  kind: 'policy.rejected',
  ...ORIGIN,
  revision,
  problems: [problem(3)],
  saysPaused: false,
  fallback: revision,
};
const unreadable: DaemonEvent = { kind: 'policy.unreadable', ...ORIGIN, error, saysPaused: false, fallback: revision };
const otherAccount = new GrantdError('account-conflict', 'the policy is for account 4711 now', 'correct it');
const newCommit = { ...accepted, revision: { ...revision, commit: 'd0'.repeat(20) } } as DaemonEvent;
const pausedText = { ...accepted, isPaused: true } as DaemonEvent;
const retry: DaemonEvent = { kind: 'next.planned', ...ORIGIN, scheduleAt: null, boundaryAt: null, retryAt: NOW };
const held = endedRun('held', { result: { kind: 'not-written', plan: busyPlan() } });
const waitingPlan = () => ({ ...busyPlan(), changes: [], held: [], refusals: [], verdict: 'deferred' as const });
const deferred = endedRun('deferred', { result: { kind: 'not-written', plan: waitingPlan() } });
const ended = (end: RunEnd, failures = 0) =>
  endedRun(end, end === 'failed' ? { error, failures } : { failures, result: { kind: 'complete', plan: idlePlan() } });

const fullDisk = new GrantdError('audit-unwritable', 'the audit log cannot be written: the disk is full', 'make room');
const fullState = new GrantdError('state-unwritable', 'the state cannot be saved: the disk is full', 'make room');
/** A PUT that was not sent, or failed, for this reason. */
function putFailed(why: GrantdError): DaemonEvent {
  const put = everyEvent().find(({ kind }) => kind === 'run.put') as Extract<DaemonEvent, { kind: 'run.put' }>;
  return { ...put, outcome: { ...put.outcome, error: why } as typeof put.outcome };
}

/** The five conditions in short: `+Reason` where one holds, `-Reason` where not. */
function conditionsAfter(...events: readonly DaemonEvent[]): string {
  const board = testedBoard();
  board.tell(started, ...events);
  const { conditions = [] } = board.status().accounts[0] ?? {};
  return conditions.map(({ status, reason }) => `${status === 'True' ? '+' : '-'}${reason}`).join(' ');
}

test.each<[fact: string, expected: string, events: readonly DaemonEvent[]]>([
  ['before the file was read', '-Starting -Idle -Progressing -NothingHeld -NotPaused', []],
  ['before the first run', '-NewRevision +NewRevision -Progressing -NothingHeld -NotPaused', [accepted]],
  ['in the first run', '-NewRevision +Running -Progressing -NothingHeld -NotPaused', [accepted, began]],
  ['after a run', '+Succeeded -Idle -Progressing -NothingHeld -NotPaused', [accepted, began, ended('complete')]],
  [
    'after one that wrote',
    '+Succeeded -Idle -Progressing -NothingHeld -NotPaused',
    [accepted, began, ended('complete')],
  ],
  ['in observe', '+Observed -Idle -Progressing -NothingHeld -NotPaused', [accepted, began, ended('observed')]],
  [
    'in the next run',
    '+Succeeded +Running -Progressing -NothingHeld -NotPaused',
    [accepted, began, ended('complete'), began],
  ],
  [
    'after a failure',
    '-RunFailed +Retrying -Progressing -NothingHeld -NotPaused',
    [accepted, began, ended('failed', 1), retry],
  ],
  ['after a part', '-PartlyWritten -Idle -Progressing -NothingHeld -NotPaused', [accepted, began, ended('partial', 1)]],
  ['after three failures', '-RunFailed -Idle +RunsFail -NothingHeld -NotPaused', [accepted, began, ended('failed', 3)]],
  [
    'after runs that could not write the audit log (case I18)',
    '-StorageUnwritable -Idle +StorageUnwritable -NothingHeld -NotPaused',
    [accepted, began, putFailed(fullDisk), ended('partial', 3)],
  ],
  [
    'after the first that could not save the state',
    '-StorageUnwritable -Idle -Progressing -NothingHeld -NotPaused',
    [accepted, began, endedRun('failed', { error: fullState, failures: 1 })],
  ],
  [
    'after one that failed for another reason, too',
    '-RunFailed -Idle +RunsFail -NothingHeld -NotPaused',
    [accepted, began, putFailed(fullDisk), putFailed(error), ended('failed', 3)],
  ],
  [
    'after one that was stopped',
    '-StorageUnwritable -Idle +StorageUnwritable -NothingHeld -NotPaused',
    [accepted, began, putFailed(fullDisk), putFailed(fullState), ended('partial', 3), began, ended('stopped', 3)],
  ],
  [
    'after a run whose start was not told',
    '-PartlyWritten -Idle -Progressing -NothingHeld -NotPaused',
    [accepted, putFailed(fullDisk), ended('partial', 1)],
  ],
  [
    'once there is room',
    '+Succeeded -Idle -Progressing -NothingHeld -NotPaused',
    [accepted, began, putFailed(fullDisk), ended('partial', 3), began, ended('complete')],
  ],
  [
    'where changes are deferred',
    '-ChangesDeferred -Idle -Progressing -NothingHeld -NotPaused',
    [accepted, began, deferred],
  ],
  [
    'once none waits',
    '+Succeeded -Idle -Progressing -NothingHeld -NotPaused',
    [accepted, began, deferred, began, ended('complete')],
  ],
  [
    'where a newer plan shows that changes wait',
    '-ChangesDeferred +Running -Progressing -NothingHeld -NotPaused',
    [accepted, began, ended('complete'), began, { kind: 'run.planned', ...MARK, plan: waitingPlan() }],
  ],
  ['where guards hold', '-GuardsHold -Idle -Progressing +GuardsHold -NotPaused', [accepted, began, held]],
  [
    'once they hold nothing',
    '+Succeeded -Idle -Progressing -NothingHeld -NotPaused',
    [accepted, began, held, began, ended('complete')],
  ],
  ['while paused', '-PolicyPaused -Idle -Progressing -NothingHeld +PolicyPaused', [pausedText, began, ended('paused')]],
  [
    'paused with nothing to do',
    '+Succeeded -Idle -Progressing -NothingHeld +PolicyPaused',
    [pausedText, began, ended('complete')],
  ],
  [
    'with an invalid text that says paused',
    '-PolicyInvalid -Idle +PolicyInvalid -NothingHeld +PolicyPaused',
    [accepted, { ...rejected, saysPaused: true }],
  ],
  [
    'once the paused text that was invalid is mended',
    '+Succeeded -Idle -Progressing -NothingHeld -NotPaused',
    [accepted, ended('complete'), { ...rejected, saysPaused: true }, { kind: 'policy.restored', ...ORIGIN, revision }],
  ],
  [
    'with an invalid text',
    '-PolicyInvalid -Idle +PolicyInvalid -NothingHeld -NotPaused',
    [accepted, began, ended('complete'), rejected],
  ],
  [
    'with no file',
    '-PolicyUnreadable -Idle +PolicyUnreadable -NothingHeld -NotPaused',
    [accepted, began, ended('complete'), unreadable],
  ],
  [
    'with a text for another account',
    '-AccountConflict -Idle +AccountConflict -NothingHeld -NotPaused',
    [accepted, began, ended('complete'), { ...unreadable, error: otherAccount } as DaemonEvent],
  ],
  [
    'with a text for another account that says paused',
    '-AccountConflict -Idle +AccountConflict -NothingHeld +PolicyPaused',
    [accepted, began, ended('complete'), { ...unreadable, error: otherAccount, saysPaused: true } as DaemonEvent],
  ],
  [
    'with another commit',
    '-NewRevision +NewRevision -Progressing -NothingHeld -NotPaused',
    [accepted, began, ended('complete'), newCommit],
  ],
  [
    'past the deadline of a run',
    '-NewRevision +Running +RunOverdue -NothingHeld -NotPaused',
    [accepted, began, { kind: 'run.deadline', ...MARK, timeoutMs: 600_000 }],
  ],
  [
    'once the text is back, until a run by it ends',
    '+Succeeded -Idle -Progressing -NothingHeld -NotPaused',
    [
      accepted,
      began,
      ended('complete'),
      rejected,
      began,
      ended('failed', 1),
      { kind: 'policy.restored', ...ORIGIN, revision },
    ],
  ],
  [
    'once a PUT took rows that it did not name',
    '-PutReplaces -Idle +PutReplaces -NothingHeld -NotPaused',
    [
      accepted,
      began,
      { ...ended('failed', 1), error: new GrantdError('put-replaces', 'rows are gone', 'ask') } as DaemonEvent,
    ],
  ],
  [
    'when a run was stopped',
    '+Succeeded -Idle -Progressing -NothingHeld -NotPaused',
    [accepted, began, ended('complete'), began, ended('stopped')],
  ],
  [
    'when only a stopped run went by the text',
    '-NewRevision +NewRevision -Progressing -NothingHeld -NotPaused',
    [accepted, began, ended('stopped')],
  ],
])('%s: %s', (_, expected, events) => {
  expect(conditionsAfter(...events)).toBe(expected);
});

test('only what waits for someone succeeds and leaves the account not ready', () => {
  const page = readFileSync(join(ROOT, 'docs/metrics.md'), 'utf8');
  const successOf = (end: string) => new RegExp(`^\\| \`${end}\` \\|.*\\| (yes|no) \\|$`, 'm').exec(page)?.[1];
  // A run that only looks is one of a replica that does not know who holds the Lease.
  const nobodyKnows: DaemonEvent = { kind: 'lease.unreachable', ...ORIGIN, error };
  const before = (end: RunEnd) => (end === 'unled' ? [accepted, nobodyKnows, began] : [accepted, began]);
  const isReady = (end: RunEnd) => conditionsAfter(...before(end), end === 'held' ? held : ended(end)).startsWith('+');
  const ends = Object.keys(RUN_ENDS) as RunEnd[];
  expect(ends.filter((end) => (successOf(end) === 'yes') !== isReady(end))).toEqual(['paused', 'held', 'deferred']);
});

test('the moment of a transition stays while the status does, though the reason changes', () => {
  const board = testedBoard();
  const ready = () => board.status().accounts[0]?.conditions[0];
  board.tell(started, accepted);
  const first = ready()?.lastTransitionTime;
  board.tell(began, ended('failed', 1));
  expect(ready()).toMatchObject({ status: 'False', reason: 'RunFailed', lastTransitionTime: first });
  board.tell(began, ended('complete'));
  expect(ready()).toMatchObject({ status: 'True', lastTransitionTime: '2026-11-24T04:00:05Z' });
});

test('messages say what is known beyond the reason, and the public ones only the reason', () => {
  const board = testedBoard();
  board.tell(started, accepted, began, ended('failed', 3), retry);
  const [open] = board.publicStatus().accounts;
  expect(board.status().accounts[0]?.conditions.map(({ message }) => message)).toEqual([
    'the last run failed, and wrote nothing: api-timeout: no whole answer within 30 s',
    'grantd will retry the last run: 2026-11-24T04:00:00Z',
    'runs fail again and again: api-timeout: no whole answer within 30 s',
    'guards hold nothing',
    'the policy is not paused',
  ]);
  expect(open?.conditions.map(({ message }) => message)).toEqual(
    open?.conditions.map(({ reason }) => CONDITION_REASONS[reason]),
  );
  board.tell(rejected);
  expect(board.status().accounts[0]?.conditions[0]?.message).toBe(
    'the policy file is invalid: policies/acme.yaml:3:1: `grnts` is no key of a policy; ' +
      'meanwhile the fallback policy runs: it only removes access that has ended, and account admin that someone else gave',
  );
  board.tell(accepted, began, held);
  expect(board.status().accounts[0]?.conditions[3]?.message).toMatch(/^guards hold a part of the plan: [a-z-]+/);
});
