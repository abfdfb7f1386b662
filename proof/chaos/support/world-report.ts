import { appendFileSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { courseOf } from './arbitrary-course.ts';
import { BrokenCourse, type Played, playChaos } from './play-chaos.ts';
import { playKilled } from './play-killed.ts';

/** What is reported of one world: counts, and what broke. */
export interface WorldReport extends Omit<Played, 'tale'> {
  readonly seed: number;
  /** The invariant that broke, and how; null where all held. */
  readonly broken: string | null;
  /** Whether a second playing of the same world went another way; null where it was played once. */
  readonly differs: boolean | null;
  /** Real processes that were killed. */
  readonly kills: number;
  /** What happened, in order; of a broken world, or where somebody asks. */
  readonly tale: readonly string[];
}

const NOTHING: Played = { runs: 0, puts: 0, crashes: 0, foreignWrites: 0, compared: 0, struck: {}, tale: [] };

/** Every so manieth world is also played by real processes that are killed; these take a hundred times as long. */
const KILLED_EVERY = 100;

/** Plays the world of a seed and reports on it; never rejects. */
export async function playWorld(seed: number): Promise<WorldReport> {
  try {
    const course = courseOf(seed);
    const played = await playChaos(seed, course);
    const kills = seed % KILLED_EVERY === 0 ? await playKilled(seed, course) : 0;
    return { seed, broken: null, differs: null, kills, ...played };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      seed,
      broken: message,
      differs: null,
      kills: 0,
      ...(error instanceof BrokenCourse ? error.played : NOTHING),
    };
  }
}

export interface PlayOptions {
  readonly file: string;
  readonly untilMs: number;
  readonly tellsAll: boolean;
  readonly twice: boolean;
}

/** Plays one world after the other, until it is to stop, and appends a line for each to a file. */
export async function playWorlds(
  seeds: Iterable<number>,
  { file, untilMs, tellsAll, twice }: PlayOptions,
): Promise<void> {
  for (const seed of seeds) {
    if (Date.now() >= untilMs || existsSync(join(dirname(file), 'stop'))) return;
    appendFileSync(file, `${JSON.stringify({ begun: seed })}\n`);
    const report = twice ? await playTwice(seed) : await playWorld(seed);
    const kept = report.broken === null && !tellsAll ? { ...report, tale: [] } : report;
    appendFileSync(file, `${JSON.stringify(kept)}\n`);
  }
}

async function playTwice(seed: number): Promise<WorldReport> {
  const [first, again] = [await playWorld(seed), await playWorld(seed)];
  return { ...first, differs: JSON.stringify(first) !== JSON.stringify(again) };
}
