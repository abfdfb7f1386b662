import { describe, expect, it } from 'vitest';
import { LINE_BYTES_MOST } from '../../../src/adapters/log/bound-fields.ts';
import type { LogOptions } from '../../../src/adapters/log/log.ts';
import type { Change, Plan } from '../../../src/core/domain/plan/plan.ts';
import type { DaemonEvent } from '../../../src/core/domain/run/daemon-event.ts';
import { GrantdError } from '../../../src/core/domain/text/error.ts';
import { fedLog } from '../../support/observed.ts';
import { NOTICED } from '../notify/support/runs.ts';
import { busyPlan, endedRun, everyEvent, idlePlan, MARK, NOW, ORIGIN, problem, request } from './support/events.ts';

/** The lines that these events make. */
function linesOf(events: readonly DaemonEvent[], options: Partial<LogOptions> = {}): readonly string[] {
  const lines: string[] = [];
  const log = fedLog({
    level: 'trace',
    format: 'json',
    secrets: { scrub: (text) => text },
    destination: { write: (line) => lines.push(line) },
    now: () => NOW,
    ...options,
  });
  for (const event of events) log.observe(event);
  return lines;
}

function read(event: DaemonEvent, options: Partial<LogOptions> = {}): Record<string, unknown> {
  return JSON.parse(linesOf([event], options).join(''));
}

function levelOf(event: DaemonEvent): unknown {
  return read(event)['level'];
}

const EVERY = everyEvent();
function first<K extends DaemonEvent['kind']>(kind: K): Extract<DaemonEvent, { kind: K }> {
  return EVERY.find((event) => event.kind === kind) as Extract<DaemonEvent, { kind: K }>;
}

describe('what a line matters', () => {
  it('a run that finds nothing to do is one line of `info`', () => {
    const idle: readonly DaemonEvent[] = [
      { kind: 'run.asked', ...ORIGIN, trigger: 'schedule', commit: null },
      { kind: 'run.started', ...MARK },
      request(),
      { kind: 'run.planned', ...MARK, plan: idlePlan() },
      endedRun('complete'),
      { kind: 'next.planned', ...ORIGIN, scheduleAt: NOW, boundaryAt: null, retryAt: null },
      { kind: 'token.expiry', ...ORIGIN, expiresAt: NOW + 30 * 86_400_000 },
    ];
    expect(linesOf(idle, { level: 'info' }).map((line) => JSON.parse(line).event)).toEqual(['run.ended']);
  });

  it('depends on how the run ended', () => {
    const levels = (
      ['complete', 'observed', 'paused', 'stopped', 'deferred', 'held', 'partial', 'failed'] as const
    ).map((end) => levelOf(endedRun(end)));
    expect(levels).toEqual(['info', 'info', 'info', 'info', 'warn', 'warn', 'warn', 'error']);
  });

  it('is a warning where guards hold something, and `info` where there is something to write', () => {
    const plan = busyPlan();
    expect(levelOf({ kind: 'run.planned', ...MARK, plan })).toBe('warn');
    expect(levelOf({ kind: 'run.planned', ...MARK, plan: { ...plan, held: [] } })).toBe('info');
  });

  it('is a warning where somebody may have another e-mail, whose notice the end of the run has in words', () => {
    const plan = { ...idlePlan(), notices: [NOTICED, { ...NOTICED, code: 'ends-soon' as const }] };
    const line = read(endedRun('complete', { result: { kind: 'complete', plan } }));
    const { code, message, remedy } = NOTICED;
    expect(line).toMatchObject({ level: 'warn', notices: [{ at: null, code, message, remedy }], noticeCount: 1 });
    const many = { ...plan, notices: Array.from({ length: 60 }, () => NOTICED) };
    expect(read(endedRun('complete', { result: { kind: 'complete', plan: many } }))['notices']).toHaveLength(10);
  });

  it('is a warning where a pause leaves drift, whose first 20 changes the end of the run names', () => {
    const [change] = busyPlan().changes;
    if (!change) throw new Error('no change');
    const endOf = (verdict: Plan['verdict'], changes: readonly Change[]) =>
      read(endedRun('paused', { result: { kind: 'not-written', plan: { ...idlePlan(), verdict, changes } } }));
    const drift = { ...change, cause: 'drift' as const };
    const paused = endOf('paused', [change, drift]);
    const { access, resource } = change;
    expect(paused).toMatchObject({ level: 'warn', driftCount: 1, drift: [{ access, resource: resource.label }] });
    const many = endOf(
      'paused',
      Array.from({ length: 30 }, () => drift),
    );
    expect([many['driftCount'], (many['drift'] as readonly unknown[]).length]).toEqual([30, 20]);
    expect(endOf('paused', [change])).toMatchObject({ level: 'info', driftCount: 0, drift: [] });
    expect(endOf('allowed', [drift])).toMatchObject({ level: 'info', driftCount: 0, drift: [] });
  });

  it('is a warning where the token ends within 14 days', () => {
    const inDays = (days: number) => levelOf({ kind: 'token.expiry', ...ORIGIN, expiresAt: NOW + days * 86_400_000 });
    expect([inDays(15), inDays(14), inDays(13)]).toEqual(['debug', 'debug', 'warn']);
  });

  it('is more where a person asked, a policy has warnings, a PUT failed, or only polling is left', () => {
    expect(levelOf({ kind: 'run.asked', ...ORIGIN, trigger: 'signal', commit: null })).toBe('info');
    expect(levelOf({ ...first('policy.accepted'), problems: [] })).toBe('info');
    expect(levelOf(first('policy.accepted'))).toBe('warn');
    expect(EVERY.filter(({ kind }) => kind === 'run.put').map(levelOf)).toEqual(['debug', 'warn']);
    expect(EVERY.filter(({ kind }) => kind === 'watch.mode').map(levelOf)).toEqual(['info', 'warn']);
    expect(levelOf({ kind: 'watch.mode', ...ORIGIN, mode: 'polling', reason: null })).toBe('info');
  });

  it('is left out below what is asked for', () => {
    const counts = (['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const).map(
      (level) => linesOf(EVERY, { level }).length,
    );
    const levels = EVERY.map((event) => String(levelOf(event)));
    const least = (...words: readonly string[]) => levels.filter((level) => words.includes(level)).length;
    expect(counts).toEqual([
      EVERY.length,
      EVERY.length,
      least('info', 'warn', 'error'),
      least('warn', 'error'),
      least('error'),
      0,
      0,
    ]);
  });
});

describe('what a line tells', () => {
  it('of an applied change: who, what, before, after, every reason, and the audit record', () => {
    const { change } = first('change.applied');
    expect(read(first('change.applied'))).toEqual({
      level: 'info',
      time: '2026-11-24T04:00:00.000Z',
      event: 'change.applied',
      account: 3229,
      policy: ORIGIN.policy,
      runId: MARK.runId,
      trigger: 'schedule',
      revision: 'git:c0c0c0c0c0c0',
      change: change.kind,
      principal: 'bob@example.com',
      access: 3,
      resource: 'project:Checkout',
      resourceId: 'project:#4001',
      before: 'viewer',
      after: 'none',
      why: [
        'ended: granted at policy.yaml:51:3 to group qa by role tester: viewer on project:Checkout, reason OPS-123, until 2026-11-01, by ends at policy.yaml:21:3',
        'ended: granted at policy.yaml:57:3 to group qa: viewer on project:Checkout, until 2026-11-01, by ends at policy.yaml:21:3',
        'offboarded: ends at policy.yaml:21:3',
      ],
      whyCount: 3,
      cause: null,
      auditHash: 'ab'.repeat(32),
      hints: [],
      msg: 'change applied',
    });
  });

  it('of every kind of reason: where it stands', () => {
    const at = { file: 'p.yaml', line: 4, column: 3, length: 1 };
    const change = first('change.applied').change;
    const why = [
      { kind: 'unlisted', at },
      { kind: 'not-granted', grant: at, groups: [{ name: 'qa', at }] },
    ] as const;
    expect(read({ ...first('change.applied'), change: { ...change, why } })['why']).toEqual([
      'no grant that has begun names them: unlisted at p.yaml:4:3',
      'no grant gives this: named at p.yaml:4:3 by group qa',
    ]);
  });

  it('of held parts: digest, principal and rules, and the way forward', () => {
    const { held, refusals } = busyPlan();
    expect(read({ kind: 'run.planned', ...MARK, plan: busyPlan() })).toMatchObject({
      held: [
        {
          digest: held[0]?.digest,
          principal: 'erin@example.com',
          rules: ['admin-limit'],
          changes: 1,
          approve: held[0]?.approve,
        },
      ],
      refusals: [{ rule: 'admin-limit', remedy: refusals[0]?.remedy }],
    });
  });

  it('of a rejected policy: every problem with its place, code, message and remedy', () => {
    expect(read(first('policy.rejected'))).toMatchObject({
      problemCount: 2,
      problems: [
        {
          at: `${ORIGIN.policy}:1:1`,
          code: 'unknown-key',
          severity: 'error',
          message: '`grnts` is no key of a policy',
          remedy: 'Did you mean `grants`?',
        },
        { at: `${ORIGIN.policy}:2:1` },
      ],
    });
  });

  it('of an error of grantd: code, message, remedy, status and request id, and no stack', () => {
    expect(read(first('policy.unreadable'))['err']).toEqual({
      code: 'api-rejected',
      message: 'refused',
      remedy: 'look at it',
      status: 422,
      requestId: 'req-1',
    });
  });

  it('of what lies behind a fault: its name and where it came from, never what it said', () => {
    const cause = new TypeError('cannot read\n    at secret (hidden/in/the/message.ts:1:1)');
    const line = read(endedRun('failed', { error: new GrantdError('fault', 'a fault', 'report it', cause) }));
    const { name, frames } = (line['err'] as { cause: { name: string; frames: string[] } }).cause;
    expect(name).toBe('TypeError');
    expect(frames[0]).toContain('log-lines.test.ts');
    expect(frames.length).toBeLessThanOrEqual(10);
    expect(JSON.stringify(line)).not.toMatch(/cannot read|hidden/);
  });

  it('of a fault whose cause is no error: what it is, and nothing of what it holds', () => {
    const line = read(endedRun('failed', { error: new GrantdError('fault', 'a fault', 'report it', 'hidden') }));
    expect((line['err'] as { cause: unknown }).cause).toEqual({ name: 'string', frames: [] });
  });

  it('of a fault whose stack does not hold its message: no frame', () => {
    const stack = 'odd name: hidden\n    at hidden (hidden.ts:1:1)';
    const cause = Object.assign(new Error('one'), { message: 'another', name: 'odd name: hidden', stack });
    const line = read(endedRun('failed', { error: new GrantdError('fault', 'a fault', 'report it', cause) }));
    expect((line['err'] as { cause: unknown }).cause).toEqual({ name: 'Error', frames: [] });
  });

  it('of a moment that is none: nothing, instead of failing', () => {
    expect(read({ kind: 'token.expiry', ...ORIGIN, expiresAt: Number.NaN })['expiresAt']).toBeNull();
  });
});

describe('a line', () => {
  const many = Array.from({ length: 500 }, (_, index) => problem(index + 1));

  it('shows the first 50 of many problems, and how many there are', () => {
    const line = read({ ...first('policy.rejected'), problems: many });
    expect((line['problems'] as unknown[]).length).toBe(50);
    expect(line['problemCount']).toBe(500);
  });

  it.each(['x', 'ü', '\u0000', '\\', '"', '\ud83d\ude00', '\n'])(
    'is never longer than 16 KiB, however long its texts are: %j',
    (character) => {
      const long = character.repeat(20_000);
      const lines = [
        ...linesOf(everyEvent(long)),
        ...linesOf(everyEvent(long), { format: 'ecs' }),
        ...linesOf(everyEvent(long), { format: 'gcp' }),
        ...linesOf([
          { ...first('policy.rejected'), problems: many.map((one) => ({ ...one, message: long, remedy: long })) },
        ]),
      ];
      for (const line of lines) {
        expect(Buffer.byteLength(line)).toBeLessThanOrEqual(LINE_BYTES_MOST);
        expect(() => JSON.parse(line)).not.toThrow();
      }
    },
  );

  it('says where a text was cut, and never cuts a character in half', () => {
    const reason = `${'x'.repeat(998)}\ud83d\ude00 and more`;
    const text = String(read({ kind: 'daemon.stopping', reason })['reason']);
    expect(text).toBe(`${'x'.repeat(998)}…`);
  });

  it('holds nothing that acts on a terminal, reorders what is read, or is not seen (case I20)', () => {
    const hostile = '\u001b[31m\u202eevil\u0007\r\n\u2028\u200b\u2060\u3164\u{e0041}\u00a0';
    for (const format of ['json', 'gcp', 'ecs', 'text'] as const) {
      const text = linesOf(everyEvent(hostile), { format }).join('');
      expect(text.replaceAll('\n', '')).not.toMatch(/[\p{C}\u2028\p{Default_Ignorable_Code_Point}\u00a0]/u);
      expect(text).toContain('u{1b}');
    }
  });
});

describe('the formats', () => {
  it('gcp: severity, time and message, as Cloud Logging reads them', () => {
    const severities = linesOf(EVERY, { format: 'gcp' }).map((line) => JSON.parse(line).severity);
    expect([...new Set(severities)].sort()).toEqual(['DEBUG', 'ERROR', 'INFO', 'WARNING']);
    expect(read(first('change.applied'), { format: 'gcp' })).toMatchObject({
      severity: 'INFO',
      time: '2026-11-24T04:00:00.000Z',
      message: 'change applied',
      event: 'change.applied',
      principal: 'bob@example.com',
    });
  });

  it('ecs: the names of the schema, and fields of our own in a place of their own', () => {
    expect(read(first('policy.unreadable'), { format: 'ecs' })).toEqual({
      'log.level': 'error',
      '@timestamp': '2026-11-24T04:00:00.000Z',
      'ecs.version': '8.11.0',
      'event.action': 'policy.unreadable',
      'error.code': 'api-rejected',
      'error.message': 'refused',
      grantd: {
        account: null,
        policy: ORIGIN.policy,
        paused: false,
        fallback: null,
        err: { code: 'api-rejected', message: 'refused', remedy: 'look at it', status: 422, requestId: 'req-1' },
      },
      message: 'policy unreadable',
    });
  });

  it('text: time, level, message and what there is to say, lists below', () => {
    const text = linesOf([first('daemon.started'), endedRun('complete'), first('policy.rejected')], { format: 'text' });
    expect(text).toEqual([
      '2026-11-24T04:00:00Z INFO  daemon started            version=0.1.0 policies=policies/acme.yaml schedule="*/15 * * * *" timezone=Etc/UTC stateDir=/var/lib/grantd httpAddress=127.0.0.1:9911\n',
      '2026-11-24T04:00:00Z INFO  run ended                 account=3229 trigger=schedule revision=git:c0c0c0c0c0c0 end=complete durationMs=1235 verdict=complete\n',
      '2026-11-24T04:00:00Z ERROR policy rejected           account=3229 paused=true fallback=git:c0c0c0c0c0c0 problemCount=2\n    policies/acme.yaml:1:1  unknown-key  error  `grnts` is no key of a policy  Did you mean `grants`?\n    policies/acme.yaml:2:1  unknown-key  error  `grnts` is no key of a policy  Did you mean `grants`?\n',
    ]);
  });

  it('text: counts have names, on the line and below it, and zeros are left out', () => {
    const changes = busyPlan().changes.map(
      (change, index) => ({ ...change, cause: index === 0 ? 'drift' : 'policy' }) as const,
    );
    const plan = { ...busyPlan(), changes };
    const [line = ''] = linesOf([{ kind: 'run.planned', ...MARK, plan }], { format: 'text' });
    expect(line).toMatch(new RegExp(` causes=policy:${changes.length - 1},drift:1 `));
    expect(line).not.toMatch(/^ *\d+( +\d+)*$/m);
    expect(line).toContain('  admin-limit  changes=1  ');
    expect(linesOf([endedRun('complete')], { format: 'text' })[0]).not.toContain('causes');
  });

  it('text: names the policy while its account is not known', () => {
    expect(linesOf([first('policy.unreadable')], { format: 'text' })[0]).toContain(`policy=${ORIGIN.policy}`);
  });
});
