import { describe, expect, it } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';
import { linesOf, logged, startDaemon } from './support/daemon.ts';

/** 14 hours ahead of UTC all year round, so no hour of its day is the same hour there. */
const FAR_EAST = 'Pacific/Kiritimati';

/** Each second of this hour and of the next, as a clock of that zone shows them. */
function eachSecondNowIn(timeZone: string): string {
  const hour = Number(
    new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(new Date()),
  );
  return `* * ${hour},${(hour + 1) % 24} * * *`;
}

async function started(args: readonly string[]) {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY });
  const daemon = startDaemon(['policy.yaml', ...args], { cwd, env: { ...provenAt(simulator), TZ: 'Etc/UTC' } });
  await logged(daemon, 'run.ended');
  return daemon;
}

describe('the schedule of grantd run', () => {
  it('starts runs at the hours of its time zone', async () => {
    const schedule = eachSecondNowIn(FAR_EAST);
    const daemon = await started(['--schedule', schedule, '--timezone', FAR_EAST]);
    expect(linesOf(daemon, 'daemon.started')[0]).toMatchObject({ schedule, timezone: FAR_EAST });
    expect((await logged(daemon, 'run.ended', 2))[1]).toMatchObject({ trigger: 'schedule' });
  });
});
