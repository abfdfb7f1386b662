import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Simulator } from '../../src/simulator/start-simulator.ts';
import { runCli } from '../support/in-process.ts';
import type { RunningGrantd } from '../support/process.ts';
import { simulate } from '../support/simulate.ts';
import { smallSeed } from '../support/small-seed.ts';
import { pointedAt, workplace } from '../support/workplace.ts';
import { addressOf, logged, startDaemon } from './support/daemon.ts';

const ROWS = [
  { type: 'inbox', id: 11, level: 100 },
  { type: 'inbox', id: 12, level: 10 },
];
const HELD = { 'inbox:11': 100, 'inbox:12': 10 };
const GIVEN = { ...HELD, 'sending_domain:5': 10 };
const people = ['ann@example.com', 'bob@example.com', 'cid@example.com'];

const policy = (who: readonly string[]) =>
  [
    'version: 1',
    'account: 3229',
    'mode: additive',
    'protected: []',
    'limits: { revokes: { principals: 1, percent: 100 }, admins: 1 }',
    'grants:',
    `  - { to: [${who.join(', ')}], resource: "domain:example.com", level: viewer }`,
    'paused: false',
    '',
  ].join('\n');

interface Scene {
  readonly simulator: Simulator;
  readonly cwd: string;
  start(...args: readonly string[]): RunningGrantd;
  save(text: string): void;
}

/** An account whose PUT replaces, and whose list answers late after the canary: time enough for something to happen. */
async function scene(lateMs: number): Promise<Scene> {
  const accesses = people.map((email, index) => ({ access: 101 + index, kind: 'user' as const, email, rows: ROWS }));
  const simulator = await simulate({ seed: smallSeed({ accesses, put: 'replaces' }), rateLimit: 'off' });
  simulator.inject({
    kind: 'latency',
    ms: lateMs,
    match: { method: 'GET', path: 'account_accesses' },
    afterRequests: 1,
  });
  const cwd = workplace({ 'policy.yaml': policy(people) });
  return {
    simulator,
    cwd,
    start: (...args) =>
      startDaemon(['policy.yaml', '--state-dir', 'state', ...args], { cwd, env: pointedAt(simulator) }),
    save: (text) => writeFileSync(join(cwd, 'policy.yaml'), text),
  };
}

const puts = ({ simulator }: Scene) => simulator.requests().filter(({ method }) => method === 'PUT').length;

/** Waits until the canary has taken effect. */
async function sent(world: Scene): Promise<void> {
  for (let tries = 0; puts(world) === 0; tries += 1) {
    if (tries > 3_000) throw new Error('no PUT in a minute');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(world.simulator.rows(101)).toEqual({ 'sending_domain:5': 10 });
}

/** Nobody but the canary was written, and the canary has everything again. */
function expectGivenBack(world: Scene): void {
  expect([101, 102, 103].map((access) => world.simulator.rows(access))).toEqual([GIVEN, HELD, HELD]);
  expect(puts(world)).toBe(2);
}

const failure = (lines: readonly Readonly<Record<string, unknown>>[]) => lines.map(({ err }) => err);

describe('between the first PUT and the read after it', () => {
  it('kill -9: the next process reads, and gives the rows back before anything else', async () => {
    const world = await scene(60_000);
    const first = world.start();
    await sent(world);
    first.kill('SIGKILL');
    expect((await first.ended).signal).toBe('SIGKILL');
    const kept = JSON.parse(readFileSync(join(world.cwd, 'state', 'account-3229.json'), 'utf8'));
    expect(kept.puts.open).toMatchObject([{ access: 101, unnamed: [{ id: 11 }, { id: 12 }] }]);
    world.simulator.clearFaults();
    const second = world.start();
    const clear = expect.stringContaining('run grantd doctor policy.yaml --clear put-replaces --state-dir state');
    expect(failure(await logged(second, 'run.ended')).slice(0, 1)).toMatchObject([
      { code: 'put-replaces', remedy: clear },
    ]);
    expectGivenBack(world);
  });

  it.each([
    ['an invalid text', 'version: 1\n', 'PolicyInvalid'],
    ['no text', null, 'PolicyUnreadable'],
    ['a text of another account', policy(people).replace('3229', '4711'), 'RunFailed'],
  ] as const)(
    'kill -9, then %s: the rows are given back first, and log, status and doctor say so',
    async (_, text, reason) => {
      const world = await scene(60_000);
      const first = world.start();
      await sent(world);
      first.kill('SIGKILL');
      await first.ended;
      world.simulator.clearFaults();
      if (text === null) rmSync(join(world.cwd, 'policy.yaml'));
      else world.save(text);
      const doctor = () =>
        runCli(['doctor', '--state-dir', 'state'], { cwd: world.cwd, env: pointedAt(world.simulator) });
      expect((await doctor()).stdout.replaceAll(/\s+/g, ' ')).toContain(
        'fail put-replaces 2 rows of ann@example.com in account 3229 wait to be given back',
      );
      const second = world.start();
      const [told] = await logged(second, 'state.left-open');
      expect(told).toMatchObject({ level: 'error', leftIn: 3229, rows: 0, err: { code: 'put-replaces' } });
      expect(told?.['err']).toMatchObject({
        message: expect.stringContaining('grantd gave them back to ann@example.com: inbox:Web/Live admin'),
      });
      expectGivenBack(world);
      expect((await doctor()).stdout).not.toContain('wait to be given back');
      if (reason === 'RunFailed') await logged(second, 'run.ended');
      const status: unknown = await (await fetch(`${await addressOf(second)}/api/v1/status`)).json();
      const ready = { type: 'Ready', status: 'False', reason };
      expect(status).toMatchObject({
        accounts: [{ conditions: expect.arrayContaining([expect.objectContaining(ready)]) }],
      });
      const conditions = JSON.stringify(status);
      if (reason !== 'RunFailed') expect(conditions).toContain('grantd gave them back to ann@example.com');
    },
  );

  it('a newer text that grants nothing of it: the rows are given back', async () => {
    const world = await scene(2_000);
    const daemon = world.start();
    await sent(world);
    world.save(policy(['dan@example.com']));
    await logged(daemon, 'policy.accepted', 2);
    expect(failure(await logged(daemon, 'run.ended')).slice(0, 1)).toMatchObject([{ code: 'put-replaces' }]);
    expectGivenBack(world);
  });

  it('a stop: the rows are given back before the process ends', async () => {
    const world = await scene(2_000);
    const daemon = world.start();
    await sent(world);
    daemon.kill('SIGTERM');
    expect((await daemon.ended).code).toBe(0);
    expectGivenBack(world);
  });

  it('the time limit of the stop: the rows are given back all the same', async () => {
    const world = await scene(3_000);
    const daemon = world.start('--stop-timeout-ms', '1000');
    await sent(world);
    daemon.kill('SIGTERM');
    expect((await daemon.ended).code).toBe(0);
    expectGivenBack(world);
  });
});
