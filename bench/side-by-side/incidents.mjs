import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSimulator } from '../../dist/simulator/start-simulator.js';
import { setOf } from './faults.mjs';
import { classOf, judge } from './judge.mjs';
import { SECRET } from './team.mjs';
import { runTool } from './tools.mjs';

const ADMINS_AT_LEAST = 2;

/**
 * Lets a tool meet what goes wrong, on an account of its own, and judges the end; then clears what the simulator does wrong, lets
 * it run once more, and judges the end of that against the same beginning.
 */
export async function meet(scenario, tool) {
  const { seed, text, meant, meantLater } = setOf(scenario);
  const directory = await mkdtemp(join(tmpdir(), 'grantd-side-by-side-'));
  const policy = join(directory, 'policy.yaml');
  await writeFile(policy, text);
  const simulator = await startSimulator({ seed });
  try {
    for (const fault of scenario.faults ?? []) simulator.inject(fault);
    const before = simulator.state();
    const first = await runAndJudge(before, meant);
    simulator.clearFaults();
    const second = await runAndJudge(before, meantLater);
    return { scenario, tool, first, second };

    async function runAndJudge(began, entitlement) {
      const run = await runTool(tool, { url: simulator.url, policy, secret: SECRET, directory });
      const { byOthers, mustName } = scenario;
      const verdict = judge({
        before: began,
        after: simulator.state(),
        meant: entitlement,
        byOthers,
        mustName,
        adminsAtLeast: ADMINS_AT_LEAST,
        exitCode: run.exitCode,
        asides: tool.asides(run),
      });
      return { ...verdict, class: classOf(verdict), run };
    }
  } finally {
    await simulator.close();
    await rm(directory, { recursive: true });
  }
}
