import { describe, expect, it, test } from 'vitest';
import { changeKey } from '../../../src/core/domain/plan/change-key.ts';
import type { Notice } from '../../../src/core/domain/plan/notice.ts';
import type { Change } from '../../../src/core/domain/plan/plan.ts';
import type { AccountEvent } from '../../../src/core/domain/run/daemon-event.ts';
import type { AccountStatus } from '../../../src/core/domain/status/account-status.ts';
import { leads } from '../../../src/core/domain/status/status-update.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { conditionsOf } from '../../../src/core/status/conditions.ts';
import { newStatus } from '../../../src/core/status/new-status.ts';
import { nextStatus } from '../../../src/core/status/next-status.ts';
import {
  busyPlan,
  endedRun,
  everyEvent,
  idlePlan,
  MARK,
  NOW,
  ORIGIN,
  problem,
} from '../../adapters/log/support/events.ts';
import { left, NOTICED, STARTED, wrote } from '../../adapters/notify/support/runs.ts';
import { MAILTRAP_EVENT } from '../../support/mailtrap-event.ts';

const NEW = newStatus(ORIGIN.policy, NOW);
const ERROR = new GrantdError('account-conflict', 'the policy is for account 999 now', 'fix `account`');
const ACCEPTED = everyEvent().find(({ kind }) => kind === 'policy.accepted') as AccountEvent;
const PLANNED: AccountEvent = { kind: 'run.planned', ...MARK, plan: busyPlan() };
const HELD = endedRun('held', { result: { kind: 'not-written', plan: busyPlan() } });
const LEADS: AccountEvent = { kind: 'lease.acquired', ...ORIGIN, holder: 'a', transitions: 1 };
const STANDS_BY: AccountEvent = { kind: 'lease.standby', ...ORIGIN, holder: 'b' };

function statusAfter(...events: readonly object[]): AccountStatus {
  return events.reduce<AccountStatus>((status, event) => nextStatus(status, event as AccountEvent, NOW), NEW);
}

function refused(saysPaused: boolean): AccountEvent {
  return { kind: 'policy.unreadable', ...ORIGIN, error: ERROR, saysPaused, fallback: MARK.revision };
}

function ready(status: AccountStatus): string | undefined {
  return conditionsOf(status, NOW).find(({ type }) => type === 'Ready')?.message;
}

describe('paused', () => {
  const paused = (...events: readonly object[]) => statusAfter(...events).validity.isPaused;
  const restored: AccountEvent = { kind: 'policy.restored', ...ORIGIN, revision: MARK.revision };

  it('is what the valid text says', () => {
    expect([paused(), paused(ACCEPTED), paused({ ...ACCEPTED, isPaused: true })]).toEqual([false, false, true]);
  });

  it('is what a refused text says, until the valid one is back', () => {
    expect(paused(ACCEPTED, refused(true))).toBe(true);
    expect(paused(ACCEPTED, refused(true), refused(false))).toBe(false);
    expect(paused(ACCEPTED, refused(true), restored)).toBe(false);
    expect(paused(refused(true))).toBe(true);
  });

  it('is what the fallback policy says, whatever the refused text says', () => {
    expect(paused({ ...ACCEPTED, isPaused: true }, refused(false))).toBe(true);
    expect(paused({ ...ACCEPTED, isPaused: true }, refused(false), restored)).toBe(true);
  });
});

describe('somebody who may have another e-mail now', () => {
  it('is in the status by the words of the notice, the first 20, and in the condition where changes wait', () => {
    const plan = busyPlan();
    const waiting = { ...plan, changes: [], held: [], refusals: [], verdict: 'deferred' as const };
    const noting = (notices: readonly Notice[]) =>
      statusAfter(ACCEPTED, STARTED, left('deferred', { ...waiting, notices }));
    const { code, message, remedy } = NOTICED;
    expect(noting([NOTICED, { ...NOTICED, code: 'ends-soon' }]).pending?.notices).toEqual([{ code, message, remedy }]);
    expect(noting(Array.from({ length: 30 }, () => NOTICED)).pending?.notices).toHaveLength(20);
    expect(ready(noting([NOTICED]))).toMatch(new RegExp(`: .*; ${message}; ${remedy}$`.replaceAll(/[()]/g, '\\$&')));
    expect(ready(noting([]))).not.toContain(message);
    const { pending, ...rest } = noting([NOTICED]);
    expect(ready({ ...rest, pending: pending && { ...pending, notices: null } })).not.toContain(message);
  });
});

describe('a replica that stands by', () => {
  it('forgets what another one may have changed', () => {
    const led = statusAfter(ACCEPTED, LEADS, STARTED, PLANNED, endedRun('failed', { failures: 2 }));
    expect(led).toMatchObject({ failures: 2, lastAttemptAt: NOW, pending: { counts: { held: 1 } } });
    expect(nextStatus(led, STANDS_BY, NOW)).toMatchObject({ failures: 0, lastAttemptAt: null, pending: null });
    expect(leads(led)).toBe(true);
    expect(leads(nextStatus(led, STANDS_BY, NOW))).toBe(false);
  });

  it('learns nothing of the account by the end of a run in which it ceased to lead', () => {
    const [change] = busyPlan().changes;
    const lost = statusAfter(ACCEPTED, LEADS, STARTED, STANDS_BY);
    const ended = [PLANNED, { kind: 'change.contested', ...MARK, change, hasBeenInPlace: true }, HELD];
    const status = ended.reduce<AccountStatus>((sum, event) => nextStatus(sum, event as AccountEvent, NOW), lost);
    expect(status).toMatchObject({ pending: null, failures: 0, lastSuccessAt: null, running: null });
    expect(status.contested.size).toBe(0);
    expect(status.runs).toHaveLength(1);
    expect(status.lastRun.held).not.toBe('');
  });
});

describe('the last run', () => {
  it('is failing and holds as the newest run that was not stopped', () => {
    const failed = statusAfter(endedRun('failed'));
    expect(failed.lastRun.isFailing).toBe(true);
    expect(nextStatus(failed, endedRun('stopped') as AccountEvent, NOW).lastRun.isFailing).toBe(true);
    expect(statusAfter(endedRun('failed'), endedRun('complete')).lastRun.isFailing).toBe(false);
    expect(statusAfter(HELD, endedRun('stopped')).lastRun.held).toBe(statusAfter(HELD).lastRun.held);
    expect(statusAfter(HELD, endedRun('complete')).lastRun.held).toBe('');
    expect(statusAfter(HELD).lastRun.deferred).not.toBe('');
    expect(statusAfter(HELD, endedRun('stopped')).lastRun.deferred).toBe(statusAfter(HELD).lastRun.deferred);
    expect(statusAfter(HELD, endedRun('complete')).lastRun.deferred).toBe('');
  });

  it('that uses the fallback policy is not applied, and says nothing of the file', () => {
    const status = statusAfter(ACCEPTED, refused(false), STARTED, endedRun('complete'));
    expect(status.revisions.applied).toBe(null);
    expect(status.lastEnd).toBe(null);
  });
});

test('a deadline outside a run, and a put that failed, change nothing', () => {
  const put = everyEvent().find((event) => event.kind === 'run.put' && event.outcome.sent === 'failed') as AccountEvent;
  const known = statusAfter(ACCEPTED);
  expect(nextStatus(known, put, NOW)).toBe(known);
  expect(nextStatus(known, { kind: 'run.deadline', ...MARK, timeoutMs: 1 }, NOW)).toBe(known);
});

test('a run that was written and could not be read back leaves what was planned', () => {
  const status = statusAfter(ACCEPTED, STARTED, PLANNED, wrote('partial', ['unconfirmed'], null));
  expect(status.pending?.digest).toBe(busyPlan().digest);
  expect(statusAfter(ACCEPTED, STARTED, PLANNED, wrote('complete', ['applied'])).pending?.digest).toBe(
    idlePlan().digest,
  );
});

const NOTHING_RUNS =
  'nothing runs until you fix it; grantd has accepted no policy since its start, so there is no fallback policy';

test('the condition of a refused policy says whether the fallback policy runs meanwhile', () => {
  const rejected: AccountEvent = {
    kind: 'policy.rejected',
    ...ORIGIN,
    revision: MARK.revision,
    problems: [problem(3)],
    saysPaused: false,
    fallback: MARK.revision,
  };
  const invalid = 'the policy file is invalid: policies/acme.yaml:3:1: `grnts` is no key of a policy';
  const runs =
    'meanwhile the fallback policy runs: it only removes access that has ended, and account admin that someone else gave';
  expect(ready(statusAfter({ ...rejected, fallback: null }))).toBe(`${invalid}; ${NOTHING_RUNS}`);
  expect(ready(statusAfter(ACCEPTED, rejected))).toBe(`${invalid}; ${runs}`);
  expect(ready(statusAfter(ACCEPTED, { ...rejected, saysPaused: true }))).toBe(
    `${invalid}; meanwhile nothing is written, because the policy is paused`,
  );
  expect(ready(statusAfter(ACCEPTED, refused(false)))).toBe(
    `grantd refuses the policy file because of the account that it names: ${ERROR.message}; ${runs}`,
  );
});

test('conditions say no more than is known', () => {
  const { validity } = NEW;
  expect(ready({ ...NEW, validity: { ...validity, state: 'invalid' } })).toBe(
    `the policy file is invalid: ${NOTHING_RUNS}`,
  );
  expect(ready({ ...NEW, validity: { ...validity, state: 'unreadable' } })).toBe(
    `grantd cannot read the policy file: ${NOTHING_RUNS}`,
  );
  const failed = statusAfter(ACCEPTED, STARTED, endedRun('failed'));
  expect(ready(failed)).toBe('the last run failed, and wrote nothing');
  expect(ready(statusAfter(ACCEPTED, STARTED, endedRun('held')))).toBe('guards hold a part of the plan');
  expect(ready(statusAfter(ACCEPTED, STARTED, endedRun('unled')))).toContain('this replica cannot find out');
  expect(ready({ ...NEW, validity: { ...validity, state: 'valid' } })).toContain('no run with the newest version');
  const lease = { role: 'unknown', holder: null, since: NOW, waitsUntil: null, error: null } as const;
  expect(ready({ ...failed, lease })).toContain('this replica cannot find out');
  expect(ready({ ...failed, lease: { ...lease, role: 'standby' } })).toBe('another replica writes to the account');
});

describe('a PUT that an earlier process left open', () => {
  const TAKEN = new GrantdError('put-replaces', 'grantd gave them back to ann@example.com', 'ask Mailtrap');
  const leftOpen = (rows: number, error: GrantdError | null = TAKEN): AccountEvent => {
    return { kind: 'state.left-open', ...ORIGIN, leftIn: MARK.account ?? 0, rows, error };
  };
  const conditions = (...events: readonly object[]) =>
    conditionsOf(statusAfter(...events), NOW)
      .filter(({ type }) => type === 'Ready' || type === 'Stalled')
      .map(({ type, status, reason, message }) => `${type} ${status} ${reason}: ${message}`);
  const rejected = { ...(everyEvent().find(({ kind }) => kind === 'policy.rejected') as object) };

  it('is named beside a text that is refused, whether its rows are back or not', () => {
    for (const rows of [0, 2]) {
      const [readyText, stalledText] = conditions(refused(false), leftOpen(rows));
      expect(readyText).toMatch(
        /the policy is for account 999 now; meanwhile .*; grantd gave them back to ann@example\.com; ask Mailtrap$/,
      );
      expect(stalledText).toContain('grantd gave them back to ann@example.com; ask Mailtrap');
    }
    expect(conditions({ ...rejected, problems: [] }, leftOpen(0))[0]).toMatch(/; grantd gave them back/);
    expect(conditions(refused(false), leftOpen(0), leftOpen(0, null)).join()).not.toContain('gave them back');
  });

  it('counts beside a valid text only while rows are missing, and until a run of that account reports them', () => {
    expect(conditions(ACCEPTED, leftOpen(2))).toEqual([
      expect.stringMatching(/^Ready False PutReplaces: .*gave them back/),
      expect.stringMatching(/^Stalled True PutReplaces: .*gave them back/),
    ]);
    expect(conditions(ACCEPTED, leftOpen(0)).join()).not.toContain('PutReplaces');
    expect(conditions(ACCEPTED, leftOpen(2), STARTED).join()).not.toContain('PutReplaces');
  });

  it('that a run of this process gave back is named beside a text that is refused later', () => {
    const failed = endedRun('failed', { result: null, error: TAKEN });
    expect(conditions(ACCEPTED, STARTED, failed)).toEqual([
      'Ready False PutReplaces: someone has to look at what a PUT did: grantd gave them back to ann@example.com; ask Mailtrap',
      'Stalled True PutReplaces: someone has to look at what a PUT did: grantd gave them back to ann@example.com; ask Mailtrap',
    ]);
    expect(conditions(ACCEPTED, STARTED, failed, refused(false))[0]).toContain(
      '; grantd gave them back to ann@example.com; ask Mailtrap',
    );
  });
});

test('changes that are left say who may have caused them, in the words of audit events', () => {
  const [first] = busyPlan().changes;
  const hints = new Map([[changeKey(first as Change), [MAILTRAP_EVENT]]]);
  const { pending } = statusAfter(ACCEPTED, { ...HELD, hints });
  const said = pending?.changes?.flatMap((change) => change.hints);
  expect(said).toEqual(['Eve (user 7): made Bob admin (some.kind)']);
});
