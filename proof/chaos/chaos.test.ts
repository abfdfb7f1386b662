import { describe, expect, it } from 'vitest';
import { playWorld, playWorlds } from './support/world-report.ts';

/** Set by chaos.mjs: which worlds to play, and where to report on them. */
const { CHAOS_FROM, CHAOS_COUNT, CHAOS_REPORT, CHAOS_UNTIL, CHAOS_TALE, CHAOS_TWICE } = process.env;

/** A few worlds, always the same, so that the whole way is tried with every change. `npm run chaos` tries more. */
const SEEDS = [3, 26, 31, 37, 58, 66, 136, 341, 380, 478, 5380, 6669, 8041];

/** Far above what they take: a world that hangs must fail, and not stop the suite for good. */
const WORLD_TIMEOUT_MS = 120_000;

if (CHAOS_REPORT === undefined) {
  describe('worlds of chaos, of fixed seeds', () => {
    it.each(SEEDS)('every invariant holds in the world of seed %i', async (seed) => {
      const { broken, tale, runs } = await playWorld(seed);
      expect(broken, `npm run chaos -- --seed ${seed}\n${tale.join('\n')}`).toBe(null);
      expect(runs).toBeGreaterThan(0);
    });

    // In this world nothing is under way at the same time, so that the machine has no say.
    it('the same seed plays the same world', async () => {
      const [first, again] = [await playWorld(136), await playWorld(136)];
      expect(again).toEqual(first);
    });
  });
} else {
  const count = Number(CHAOS_COUNT);
  const file = CHAOS_REPORT;
  it(
    'worlds for chaos.mjs',
    async () => {
      const seeds = Array.from({ length: count }, (_, index) => Number(CHAOS_FROM) + index);
      const untilMs = Number(CHAOS_UNTIL ?? Number.POSITIVE_INFINITY);
      await playWorlds(seeds, { file, untilMs, tellsAll: CHAOS_TALE === '1', twice: CHAOS_TWICE === '1' });
    },
    count * WORLD_TIMEOUT_MS,
  );
}
