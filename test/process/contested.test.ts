import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { simulate } from '../support/simulate.ts';
import { POLICY, provenAt, workplace } from '../support/workplace.ts';
import { linesOf, logged, startDaemon } from './support/daemon.ts';

/** Far above what it takes. */
const PATIENCE = { timeout: 120_000, interval: 20 };

const ROW = { who: 'ann@example.com', type: 'project', id: 4002 };

it('grantd run notices a rival who is slower than its schedule, and writes no fourth time', async () => {
  const simulator = await simulate();
  const cwd = workplace({ 'policy.yaml': POLICY });
  const args = ['policy.yaml', '--schedule', '* * * * * *'];
  const env = provenAt(simulator);
  const daemon = startDaemon(args, { cwd, env });
  await logged(daemon, 'run.ended');
  const removals = (event: string) =>
    linesOf(daemon, event).filter((line) => line['principal'] === ROW.who && line['change'] === 'remove');
  for (const event of ['change.applied', 'change.applied', 'change.applied', 'change.contested']) {
    const before = linesOf(daemon).length;
    simulator.writeAsSomebodyElse({ act: 'set-row', ...ROW, level: 100 });
    // After that a run finds it in place, or it waits because it is contested, and nothing else is left to do.
    await vi.waitFor(() => {
      const since = linesOf(daemon).slice(before);
      const noticed = since.findIndex((line) => line['event'] === event && line['change'] === 'remove');
      const isQuiet =
        noticed >= 0 &&
        since.slice(noticed).some((line) => line['end'] === (event === 'change.contested' ? 'deferred' : 'complete'));
      expect(isQuiet, event).toBe(true);
    }, PATIENCE);
  }
  const [found, ...more] = removals('change.contested');
  expect(found).toMatchObject({ hasBeenInPlace: true });
  expect(more).toEqual([]);
  expect(removals('change.applied').filter(({ resource }) => resource === found?.['resource'])).toHaveLength(3);
  daemon.kill('SIGTERM');
  expect(await daemon.ended).toMatchObject({ code: 0, stderr: '' });
  const state = JSON.parse(readFileSync(join(env['GRANTD_STATE_DIR'] ?? '', 'account-3229.json'), 'utf8'));
  expect(state.written).toContainEqual(
    expect.objectContaining({
      resource: { type: 'project', id: ROW.id },
      after: 0,
      contestedSince: expect.any(String),
    }),
  );
}, 130_000);
