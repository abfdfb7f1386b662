import { describe, expect, it } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';
import { addressOf, linesOf, logged, startDaemon } from './support/daemon.ts';
import { WallClock } from './support/wall-clock.ts';

const MINUTE_MS = 60_000;
/** How soon a jump is noticed. */
const LOOKS_OFTEN = ['--poll-interval-ms', '200'];

type Simulator = Awaited<ReturnType<typeof simulate>>;

/** A daemon whose clock can be set, once it has run. */
async function startedWith(policy: string, args: readonly string[] = []) {
  const clock = new WallClock();
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': policy });
  const daemon = startDaemon(['policy.yaml', ...args, ...LOOKS_OFTEN], {
    cwd,
    env: { ...provenAt(simulator), ...clock.env },
  });
  await logged(daemon, 'run.ended');
  return { clock, simulator, daemon };
}

function puts(simulator: Simulator): number {
  return simulator.requests().filter(({ method }) => method === 'PUT').length;
}

describe('grantd run, while its clock is set', () => {
  it('forward past an end of the policy: it runs at once, and takes what has ended', async () => {
    const until = new Date(Math.ceil(Date.now() / MINUTE_MS) * MINUTE_MS + 3 * MINUTE_MS).toISOString();
    const ends = `  - { to: bob@example.com, resource: "project:Mobile iOS", level: admin, until: ${until} }\n`;
    const { clock, simulator, daemon } = await startedWith(POLICY.replace('tests:\n', `${ends}tests:\n`));
    expect(simulator.rows('bob@example.com')).toMatchObject({ 'project:4002': 100 });

    clock.jump(4.5 * MINUTE_MS);
    const [jump] = await logged(daemon, 'clock.jumped');
    expect(jump?.['byMs']).toBeGreaterThan(4 * MINUTE_MS);
    const taken = (await logged(daemon, 'run.ended', 2))[1];
    expect(taken).toMatchObject({ trigger: 'boundary', end: 'complete' });
    expect(simulator.rows('bob@example.com')).not.toHaveProperty('project:4002');
  });

  it('ten minutes away from the time of the API: nothing is written until both agree again', async () => {
    const { clock, simulator, daemon } = await startedWith(POLICY);
    const written = puts(simulator);
    for (const [index, byMs] of [10 * MINUTE_MS, -20 * MINUTE_MS].entries()) {
      simulator.writeAsSomebodyElse({ act: 'set-row', who: 'ann@example.com', type: 'project', id: 4002, level: 100 });
      const before = linesOf(daemon, 'run.ended').length;
      clock.jump(byMs);
      await logged(daemon, 'clock.jumped', index + 1);
      await logged(daemon, 'run.ended', before + 1);
      daemon.kill('SIGHUP');
      // By the jump, by the signal, and by retries: whoever asks, nothing is written.
      for (const ended of (await logged(daemon, 'run.ended', before + 2)).slice(before)) {
        expect(ended).toMatchObject({ end: 'failed', err: { code: 'clock-skew' } });
      }
      expect(puts(simulator)).toBe(written);
    }
    const count = linesOf(daemon, 'change.applied').length;
    clock.jump(10 * MINUTE_MS);
    const mended = (await logged(daemon, 'change.applied', count + 1))[count];
    expect(mended).toMatchObject({ principal: 'ann@example.com', change: 'remove' });
  });

  it('to the days on which summer time begins and ends: its next slot is the one of the new time', async () => {
    const { clock, simulator, daemon } = await startedWith(POLICY, [
      '--schedule',
      '0 3 * * *',
      '--timezone',
      'Europe/Berlin',
    ]);
    const address = await addressOf(daemon);
    const days = [
      ['2027-03-27T12:00:00Z', '2027-03-28T01:00:00Z'],
      ['2027-10-30T12:00:00Z', '2027-10-31T02:00:00Z'],
      ['2027-03-27T12:00:00Z', '2027-03-28T01:00:00Z'],
    ] as const;
    for (const [index, [day, slot]] of days.entries()) {
      const byMs = Date.parse(day) - clock.now();
      simulator.advanceClock(byMs);
      clock.jump(byMs);
      await logged(daemon, 'clock.jumped', index + 1);
      const status = await statusOf(address);
      expect(status.accounts[0].next.scheduleAt).toBe(slot);
    }
  });
});

async function statusOf(address: string) {
  return (await fetch(`${address}/api/v1/status`)).json() as Promise<{
    readonly accounts: readonly [{ readonly next: { readonly scheduleAt: string } }];
  }>;
}
