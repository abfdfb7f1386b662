import type { DaemonWorld } from '../../../test/daemon/support/daemon-world.ts';
import type { ChaosWitness } from './chaos-witness.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Beyond every date of these policies. */
const PAST_EVERY_MOMENT_MS = 8 * DAY_MS;
/** After so many undisturbed runs, a day apart, there must be nothing left to write. */
const RUNS_TO_REST_MOST = 5;

/** An account that holds nothing, or nobody whom the token may change, or whose PUTs take what they do not name. */
const AT_REST = ['nothing-writable', 'empty-read', 'put-replaces'];

/**
 * Once nothing goes wrong any more: within a few runs nothing is left to write, a further run and the schedule write
 * nothing, and the account is as the policy says. Returns how many people were compared with it.
 */
export async function comeToRest(world: DaemonWorld, witness: ChaosWitness): Promise<number> {
  world.suspend(PAST_EVERY_MOMENT_MS);
  for (let run = 1; !(await isAtRest(world, witness)); run += 1) {
    if (run === RUNS_TO_REST_MOST) throw new Error(`it does not converge: ${witness.last?.end ?? 'no run'}`);
    // What is contested is tried once a day.
    world.suspend(DAY_MS);
  }
  const before = witness.puts;
  await isAtRest(world, witness);
  await world.clock.advance(16 * MINUTE_MS);
  witness.check();
  if (witness.puts > before) throw new Error('an idle run writes');
  return witness.checkEqual();
}

async function isAtRest(world: DaemonWorld, witness: ChaosWitness): Promise<boolean> {
  const before = witness.runs;
  witness.ask();
  await world.clock.advance(MINUTE_MS);
  witness.check();
  const { last } = witness;
  if (witness.runs === before || last === null) throw new Error('a run that was asked for does not come');
  if (last.puts > 0) return false;
  // Nobody undoes anything any more, so what is contested must be tried, and sticks.
  if (last.plan?.deferred.some(({ reason }) => reason === 'contested')) return false;
  if (last.end === 'failed') return last.code !== null && AT_REST.includes(last.code);
  return last.end !== 'partial' || last.isOnlyUnproven;
}
