import { describe, expect, test } from 'vitest';
import { NOTIFICATION_KINDS, type NotificationData } from '../../../src/adapters/notify/notification.ts';
import { NEW_STATE } from '../../../src/adapters/notify/notification-state.ts';
import { notificationsOf } from '../../../src/adapters/notify/notifications-of.ts';
import { changeKey } from '../../../src/core/domain/plan/change-key.ts';
import { DEFERRED_WORDS } from '../../../src/core/domain/plan/deferred-words.ts';
import type { Change, DeferredReason, Plan } from '../../../src/core/domain/plan/plan.ts';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { MAILTRAP_EVENT } from '../../support/mailtrap-event.ts';
import { changesOf, isOfAccount } from '../../support/observed.ts';
import { loosePlaces, publishedSchema, schemaJudge } from '../http/support/schema-errors.ts';
import { busyPlan, endedRun, everyEvent, idlePlan, MARK, NOW, ORIGIN, problem } from '../log/support/events.ts';
import { endingPlan } from './support/ending.ts';
import { reportedOf } from './support/notified.ts';
import { failed, left, NOTICED, oneChange, STARTED, TIMEOUT, unlistedOf, wrote, wroteByDrift } from './support/runs.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const { revision } = MARK;

interface Timed {
  readonly event: DaemonEvent;
  readonly at: number;
}

/** What is told of events, one hour after the other unless they say when. */
function tell(...events: readonly (DaemonEvent | Timed)[]): readonly NotificationData[] {
  const timed = events.map((one, index) => ('event' in one ? one : { event: one, at: NOW + index * 2 * HOUR_MS }));
  const { notifications } = reportedOf(
    timed.map(({ event }) => event),
    (index) => timed[index]?.at ?? NOW,
  );
  return notifications.map(({ data }) => data);
}

function kinds(...events: readonly (DaemonEvent | Timed)[]): readonly string[] {
  return tell(...events).map(({ kind }) => kind);
}

function rejected(more: Partial<Extract<DaemonEvent, { kind: 'policy.rejected' }>> = {}): DaemonEvent {
  const problems = [problem(1), { ...problem(2), severity: 'warning' as const }];
  return { kind: 'policy.rejected', ...ORIGIN, revision, problems, saysPaused: false, fallback: revision, ...more };
}

const unreadable: DaemonEvent = {
  kind: 'policy.unreadable',
  ...ORIGIN,
  error: TIMEOUT,
  saysPaused: false,
  fallback: null,
};
const restored: DaemonEvent = { kind: 'policy.restored', ...ORIGIN, revision };
const stateBroke: DaemonEvent = {
  kind: 'state.unwritable',
  ...ORIGIN,
  error: new GrantdError('state-unwritable', 'no space', 'free some'),
};
const auditError = new GrantdError('audit-unwritable', 'no space', 'free some');

test('a text for another account is told as refused, not as unreadable', () => {
  const error = new GrantdError('account-conflict', 'the policy is for account 4711 now', 'correct `account`');
  const [message] = tell({ ...unreadable, error, fallback: revision } as DaemonEvent);
  expect(message).toMatchObject({
    kind: 'policy.unreadable',
    summary: expect.stringMatching(
      /^the policy file is refused because of the account that it names; the fallback policy .* counts/,
    ),
    remedy: 'correct `account`',
    error: { code: 'account-conflict', message: 'the policy is for account 4711 now' },
  });
});

function put(sent: 'answered' | 'not-tried'): DaemonEvent {
  const error = sent === 'answered' ? null : auditError;
  return { kind: 'run.put', ...MARK, outcome: { changes: [oneChange()], sent, error, reason: null, auditHash: null } };
}

function expiry(expiresAt: number | null, at = NOW): Timed {
  return { event: { kind: 'token.expiry', ...ORIGIN, expiresAt }, at };
}

/** Nothing but what guards hold. */
const heldPlan = (): Plan => ({ ...busyPlan(), changes: [], deferred: [], unresolved: [] });

/** Nothing but so many changes that wait. */
const waitingPlan = (most = 100, reason: DeferredReason | null = null): Plan => {
  const plan = busyPlan();
  const deferred = plan.deferred.slice(0, most).map((one) => ({ ...one, reason: reason ?? one.reason }));
  return { ...plan, changes: [], held: [], refusals: [], verdict: 'deferred', deferred, unresolved: [] };
};

/** Nothing but changes that a pause keeps from being written. */
const pausedPlan = (): Plan => ({
  ...busyPlan(),
  held: [],
  refusals: [],
  deferred: [],
  unresolved: [],
  unlisted: [],
  verdict: 'paused',
});

const otherHeld = (): DaemonEvent => {
  const plan = heldPlan();
  return left('held', { ...plan, held: plan.held.map((part) => ({ ...part, digest: `sha256:${'0'.repeat(64)}` })) });
};

test.each<[fact: string, expected: readonly string[], events: readonly (DaemonEvent | Timed)[]]>([
  ['a run with nothing to do', [], [STARTED, endedRun('complete')]],
  ['100 of them', [], Array.from({ length: 100 }, () => [STARTED, endedRun('complete')]).flat()],
  ['a run that only observed', [], [left('observed', idlePlan())]],
  ['a first failure', ['run.failing'], [failed()]],
  ['a second one', ['run.failing'], [failed(1), failed(2), failed(3)]],
  ['a success after it', ['run.failing', 'run.recovered'], [failed(), endedRun('complete'), endedRun('complete')]],
  ['a run that was stopped', [], [endedRun('stopped'), endedRun('stopped', { error: TIMEOUT, result: null })]],
  ['a stop between failures', ['run.failing'], [failed(), endedRun('stopped'), failed()]],
  ['a hold after a failure', ['run.failing', 'changes.held', 'run.recovered'], [failed(), left('held', heldPlan())]],
  ['changes', ['changes.applied'], [wrote('complete', ['applied', 'applied'])]],
  [
    'changes of two runs',
    ['changes.applied', 'changes.applied'],
    [wrote('complete', ['applied']), wrote('complete', ['applied'])],
  ],
  ['changes before a stop', ['changes.applied'], [wrote('stopped', ['applied', 'not-tried'])]],
  ['a part of the changes', ['changes.applied', 'run.failing'], [wrote('partial', ['applied', 'failed'])]],
  ['no change that stuck', ['run.failing'], [wrote('partial', ['did-not-stick'])]],
  ['a hold', ['changes.held'], [left('held', heldPlan()), left('held', heldPlan())]],
  ['another hold', ['changes.held', 'changes.held'], [left('held', heldPlan()), otherHeld()]],
  [
    'a hold that is over',
    ['changes.held', 'changes.released'],
    [left('held', heldPlan()), endedRun('complete'), endedRun('complete')],
  ],
  ['a hold of a run that was stopped', [], [left('stopped', busyPlan())]],
  ['a failure while something is held', ['changes.held', 'run.failing'], [left('held', heldPlan()), failed()]],
  ['what waits', ['changes.deferred'], [left('deferred', waitingPlan()), left('deferred', waitingPlan())]],
  [
    'what waits beside a hold, and a hold alone',
    ['changes.held', 'changes.deferred', 'changes.settled'],
    [left('held', busyPlan()), left('held', heldPlan())],
  ],
  [
    'more that waits',
    ['changes.deferred', 'changes.deferred'],
    [left('deferred', waitingPlan(1)), left('deferred', waitingPlan())],
  ],
  [
    'what waits no more',
    ['changes.deferred', 'changes.settled'],
    [left('deferred', waitingPlan()), endedRun('complete'), endedRun('complete')],
  ],
  [
    'a pause, once',
    ['changes.paused', 'changes.paused'],
    [left('paused', pausedPlan()), left('paused', pausedPlan()), endedRun('complete'), left('paused', pausedPlan())],
  ],
  ['a pause with nothing to write', [], [endedRun('complete')]],
  ['what waits after a run that was stopped', [], [left('stopped', waitingPlan())]],
  [
    'what waits and has a notification of its own',
    [],
    [left('deferred', waitingPlan(9, 'contested')), left('deferred', waitingPlan(9, 'pair-disproven'))],
  ],
  ['an invalid text', ['policy.rejected'], [rejected()]],
  ['a valid one after it', ['policy.rejected', 'policy.valid'], [rejected(), restored, restored]],
  ['a valid text', [], [restored]],
  ['no file', ['policy.unreadable', 'policy.valid'], [unreadable, restored]],
  [
    'one bad text after another',
    ['policy.rejected', 'policy.unreadable', 'policy.valid'],
    [rejected(), unreadable, restored],
  ],
  [
    'the same bad text to and fro within an hour',
    ['policy.rejected', 'policy.valid'],
    [rejected(), restored, rejected(), restored, rejected()].map((event, minute) => ({
      event,
      at: NOW + minute * 60_000,
    })),
  ],
  [
    'the same bad text hours later',
    ['policy.rejected', 'policy.valid', 'policy.rejected'],
    [rejected(), restored, rejected()],
  ],
  ['unlisted principals of the first run', [], [left('complete', unlistedOf(1, 2))]],
  ['a new one', ['unlisted.appeared'], [left('complete', unlistedOf(1)), left('complete', unlistedOf(1, 2))]],
  ['the same ones', [], [left('complete', unlistedOf(1, 2)), left('complete', unlistedOf(2, 1))]],
  ['one who went', [], [left('complete', unlistedOf(1, 2)), left('complete', unlistedOf(1))]],
  [
    'one who went and came back',
    ['unlisted.appeared'],
    [left('complete', unlistedOf(1)), left('complete', unlistedOf()), left('complete', unlistedOf(1))],
  ],
  [
    'one who comes after a failure',
    ['run.failing', 'unlisted.appeared', 'run.recovered'],
    [left('complete', unlistedOf()), failed(), left('complete', unlistedOf(1))],
  ],
  [
    'contested changes, together',
    ['changes.contested'],
    [
      STARTED,
      { kind: 'change.contested', ...MARK, change: oneChange(), hasBeenInPlace: true },
      { kind: 'change.contested', ...MARK, change: { ...oneChange(), access: 9 }, hasBeenInPlace: false },
      endedRun('complete'),
      STARTED,
      endedRun('complete'),
    ],
  ],
  [
    'a token that is disproven',
    ['token.disproven'],
    [STARTED, { kind: 'token.disproven', ...MARK, change: oneChange() }, endedRun('complete')],
  ],
  ['a state that cannot be written', ['state.unwritable'], [stateBroke, stateBroke]],
  [
    'one that can again',
    ['state.unwritable', 'state.writable'],
    [STARTED, stateBroke, endedRun('complete'), STARTED, endedRun('complete'), STARTED, endedRun('complete')],
  ],
  [
    'one that nobody tried again',
    ['state.unwritable', 'run.failing'],
    [STARTED, stateBroke, endedRun('complete'), STARTED, failed()],
  ],
  ['an audit log that cannot be written', ['audit.unwritable'], [put('not-tried'), put('not-tried')]],
  [
    'one that kept a whole run from writing',
    ['audit.unwritable', 'run.failing'],
    [endedRun('failed', { error: auditError }), endedRun('failed', { error: auditError, failures: 2 })],
  ],
  ['one that can again', ['audit.unwritable', 'audit.writable'], [put('not-tried'), put('answered'), put('answered')]],
  ['a token that does not end', [], [expiry(null)]],
  ['one that ends in 15 days', [], [expiry(NOW + 15 * DAY_MS)]],
  ['one that ends in 14 days', ['token.expires'], [expiry(NOW + 14 * DAY_MS)]],
  [
    'one that ends, on one day and the next',
    ['token.expires', 'token.expires'],
    [expiry(NOW + 2 * DAY_MS), expiry(NOW + 2 * DAY_MS, NOW + HOUR_MS), expiry(NOW + 2 * DAY_MS, NOW + 21 * HOUR_MS)],
  ],
  ['a clock that jumped', [], [{ kind: 'clock.jumped', ...ORIGIN, byMs: 1e9 }]],
  ['its own failure', [], [{ kind: 'notify.failed', target: 'slack', reason: 'HTTP 410' }]],
])('of %s it tells %j', (_, expected, events) => {
  expect(kinds(...events)).toEqual(expected);
});

test('accounts are told apart', () => {
  const other = { ...failed(), policy: 'other.yaml' } as DaemonEvent;
  expect(tell(failed(), other).map(({ policy }) => policy)).toEqual([ORIGIN.policy, 'other.yaml']);
});

describe('what a message says', () => {
  test('of a failure: the error and the remedy', () => {
    expect(tell(failed())).toMatchObject([
      {
        severity: 'error',
        account: 3229,
        run: { runId: MARK.runId, trigger: 'schedule' },
        revision,
        error: { code: 'api-timeout', message: TIMEOUT.message },
        remedy: TIMEOUT.remedy,
      },
    ]);
  });

  test('of what waits: who, on what, why and for what, the first 100, and how many', () => {
    const plan = waitingPlan();
    const [one] = plan.deferred;
    if (!one) throw new Error('nothing waits');
    const many = Array.from({ length: 120 }, (_, index) => ({ ...one, change: { ...one.change, access: index + 1 } }));
    const [message] = tell(left('deferred', { ...plan, deferred: many }));
    expect(message).toMatchObject({
      severity: 'warning',
      summary: `120 changes of 120 principals not written, and deferred (${one.reason})`,
      remedy: DEFERRED_WORDS[one.reason].remedy,
      count: 120,
    });
    expect(message?.deferred).toHaveLength(100);
    expect(message?.deferred[0]).toMatchObject({
      principal: expect.stringContaining('@example.com'),
      label: one.change.resource.label,
      reason: one.reason,
      waitsFor: one.waitsFor,
    });
  });

  test('of a run after which the account differs, though each write is in place: how much is left', () => {
    const [, message] = tell(wrote('partial', ['applied'], busyPlan()));
    expect(message?.kind).toBe('changes.held');
    expect(tell(wrote('partial', ['applied'], busyPlan())).at(-1)).toMatchObject({
      kind: 'run.failing',
      summary: `the account changed during the run: ${busyPlan().changes.length} changes left`,
    });
  });

  test('of changes: how many, and the first 100', () => {
    const outcomes = [...Array.from({ length: 150 }, () => 'applied' as const), 'failed' as const];
    const [applied, failing] = tell(wrote('partial', outcomes));
    expect(applied).toMatchObject({ summary: '150 changes written and seen in place; 1 other not', count: 150 });
    expect(applied?.changes).toHaveLength(100);
    expect(applied?.changes[0]).toMatchObject({ access: 1, auditHash: 'ab'.repeat(32), hasBeenInPlace: null });
    expect(failing).toMatchObject({ summary: '1 of 151 changes not written', count: 1, changes: [{ access: 151 }] });
  });

  test('of changes by drift: how many, and whom someone else had made account admin (case G2)', () => {
    const admins = wroteByDrift(4, 'account');
    expect(tell(admins)).toMatchObject([
      {
        kind: 'changes.applied',
        severity: 'warning',
        summary:
          '4 changes written and seen in place; 4 by drift: what someone else had changed is undone; someone else had made rogue1@x, rogue2@x, rogue3@x and 1 more account admin',
        remedy: 'find out who made them account admin, and whether others have that access too',
        changes: [{ cause: 'drift' }, { cause: 'drift' }, { cause: 'drift' }, { cause: 'drift' }],
      },
    ]);
    expect(tell(wroteByDrift(1, 'account'))[0]?.summary).toMatch(/; someone else had made rogue1@x account admin$/);
    expect(tell(wroteByDrift(1, 'project'))).toMatchObject([
      {
        severity: 'info',
        summary: '1 change written and seen in place; 1 by drift: what someone else had changed is undone',
        remedy: null,
      },
    ]);
  });

  test('of changes by drift: who may have caused them, in the words of audit events', () => {
    const event = wroteByDrift(2, 'project');
    if (event.kind !== 'run.ended' || event.result?.kind !== 'written') throw new Error('nothing was written');
    const [first] = event.result.outcomes;
    const hints = new Map([[changeKey(first?.change as Change), [MAILTRAP_EVENT]]]);
    const [message] = tell({ ...event, hints });
    expect(message?.changes.map((change) => change.hints)).toEqual([['Eve (user 7): made Bob admin (some.kind)'], []]);
  });

  test('of a pause that leaves drift: how much, and whom someone else made account admin', () => {
    const [applied] = [wroteByDrift(1, 'account')];
    if (applied?.kind !== 'run.ended' || applied.result?.kind !== 'written') throw new Error('nothing was written');
    const changes = applied.result.outcomes.map(({ change }) => change);
    expect(tell(left('paused', { ...pausedPlan(), changes }))).toMatchObject([
      {
        kind: 'changes.paused',
        severity: 'warning',
        summary:
          'the policy is paused, and 1 change not written; 1 by drift: what someone else changed stays so; someone else had made rogue1@x account admin',
        remedy: expect.stringMatching(/^set `paused: false` to continue; .*; find out who made them account admin/),
      },
    ]);
    expect(tell(left('paused', pausedPlan()))).toMatchObject([{ severity: 'info' }]);
  });

  test('of a PUT that took rows: that grantd writes nothing more, and no retry', () => {
    const error = new GrantdError('put-replaces', 'a PUT took rows that it did not name', 'clear it');
    expect(tell(endedRun('failed', { error, failures: 1 }))).toMatchObject([
      {
        kind: 'run.failing',
        summary:
          'a PUT took rows that it did not name, so grantd writes nothing more to the account until you clear that',
        remedy: 'clear it',
      },
    ]);
  });

  test('of somebody under another e-mail: what the notice says, and never to remove their access', () => {
    const noticed = { ...unlistedOf(1, 2), notices: [NOTICED] };
    expect(tell(left('complete', unlistedOf(1)), left('complete', noticed))).toMatchObject([
      {
        kind: 'unlisted.appeared',
        summary: NOTICED.message,
        remedy: NOTICED.remedy,
        count: 1,
        unlisted: [{ access: 2 }],
      },
    ]);
    const [one] = waitingPlan().deferred;
    if (!one) throw new Error('nothing waits');
    const deferred = [
      { change: { ...one.change, access: 2 }, reason: 'protected-renamed', waitsFor: 'kim@x' } as const,
    ];
    expect(tell(left('complete', unlistedOf(1)), left('deferred', { ...noticed, deferred }))).toMatchObject([
      { kind: 'changes.deferred', remedy: NOTICED.remedy },
    ]);
  });

  test('of a hold: the rules, the digests, and the way forward', () => {
    const plan = busyPlan();
    const [message] = tell(left('held', plan));
    expect(message?.summary).toMatch(/^guards \(admin-limit\) hold \d+ changes? of 1 principal$/);
    expect(message?.remedy).toBe(plan.refusals.map(({ remedy }) => remedy).join('; '));
    expect(message?.held).toMatchObject([{ digest: plan.held[0]?.digest, rules: plan.held[0]?.rules }]);
  });

  test('of a hold that a run left after writing: what the account was last planned to need', () => {
    expect(kinds(wrote('held', ['applied'], heldPlan()))).toEqual(['changes.applied', 'changes.held']);
  });

  test('of an invalid text: its errors without the warnings, and what goes on meanwhile', () => {
    const [message] = tell(rejected({ saysPaused: true }));
    expect(message).toMatchObject({ count: 1, problems: [{ code: 'unknown-key', line: 1 }] });
    expect(message?.summary).toBe(
      'the policy file is invalid (1 error); the fallback policy git:c0c0c0c0c0c0 counts, and only removes access that has expired and account admin that someone else gave; it says `paused: true`, so nothing is written',
    );
    expect(tell(rejected({ fallback: null }))[0]?.summary).toContain('nothing runs until you fix it');
  });

  test('of contested changes: each with whether it had been in place', () => {
    const contested = { kind: 'change.contested', ...MARK, change: oneChange() } as const;
    const [message] = tell(
      { ...contested, hasBeenInPlace: true },
      { ...contested, hasBeenInPlace: false },
      endedRun('complete'),
    );
    expect(message?.changes.map(({ hasBeenInPlace }) => hasBeenInPlace)).toEqual([true, false]);
  });

  test('of a token: when it ends', () => {
    const summary = (expiresAt: number) => tell(expiry(expiresAt))[0]?.summary;
    expect(tell(expiry(NOW + DAY_MS * 3))).toMatchObject([{ severity: 'warning', expiresAt: '2026-11-27T04:00:00Z' }]);
    expect(summary(NOW + DAY_MS)).toBe('the API token of grantd expires in 1 day');
    expect(summary(NOW + 1)).toBe('the API token of grantd expires within a day');
    expect(tell(expiry(NOW))).toMatchObject([{ severity: 'error', summary: expect.stringContaining('has expired') }]);
  });
});

describe('the schema of events', () => {
  const judge = schemaJudge('event');

  test('is strict and describes everything', () => {
    expect(loosePlaces(publishedSchema('event'))).toEqual([]);
  });

  test('fits every kind of message', () => {
    const appeared = [left('complete', unlistedOf()), left('complete', unlistedOf(1))];
    const messages = [
      ...tell(...everyEvent(), ...everyEvent()),
      ...tell(left('held', busyPlan()), failed(), endedRun('complete'), ...appeared),
      ...tell(left('paused', pausedPlan())),
      ...tell(
        STARTED,
        stateBroke,
        endedRun('complete'),
        STARTED,
        endedRun('complete'),
        put('not-tried'),
        put('answered'),
      ),
      ...tell({ ...unreadable, account: null } as DaemonEvent),
      ...tell(left('complete', endingPlan(1))),
    ];
    for (const message of messages) expect(judge(message), message.kind).toEqual([]);
    expect([...new Set(messages.map(({ kind }) => kind))].sort()).toEqual(Object.keys(NOTIFICATION_KINDS).sort());
  });

  test('fits messages of hostile and endless names, which are cut', () => {
    for (const message of tell(...everyEvent('\u{1f600}<!channel>\n'.repeat(10_000)))) {
      expect(judge(message), message.kind).toEqual([]);
      expect(JSON.stringify(message).length).toBeLessThan(100_000);
    }
  });
});

test('memory does not grow with what is told', () => {
  const events = Array.from({ length: 1000 }, (_, number): readonly DaemonEvent[] => {
    const sha256 = number.toString(16).padStart(64, '0');
    const change = { ...oneChange(), access: number + 1 };
    return [
      rejected({ revision: { sha256, commit: null } }),
      { kind: 'change.contested', ...MARK, change, hasBeenInPlace: true },
    ];
  });
  const memory = reportedOf(events.flat(), () => NOW).states.get(ORIGIN.policy);
  expect(memory?.rejections).toHaveLength(20);
  expect(memory?.contested.changes).toHaveLength(100);
  expect(memory?.contested.count).toBe(1000);
});

test('what tells nothing leaves the memory as it is', () => {
  const events = everyEvent().filter(({ kind }) => kind === 'api.request' || kind === 'run.planned');
  for (const change of changesOf(events, () => NOW).filter(isOfAccount)) {
    expect(notificationsOf(NEW_STATE, change).state).toBe(NEW_STATE);
  }
});
