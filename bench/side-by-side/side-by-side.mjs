import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { costOf } from './costs.mjs';
import { SITUATIONS } from './crowd.mjs';
import { SCENARIOS } from './faults.mjs';
import { meet } from './incidents.mjs';
import { isScriptInstalled, SCRIPT_PACKAGE, TOOLS } from './tools.mjs';

const FULL = { people: 50, latenciesMs: [50, 200], rounds: 5, crowd: 200 };
/** Just enough to see that everything works. */
const QUICK = { people: 10, latenciesMs: [0], rounds: 1, crowd: null };

/**
 * grantd and the scripts over the official client, on the same accounts, policies and faults: what a run costs, what the rate limit
 * makes of it, and what becomes of people when something goes wrong. `tell` is called with what is done next.
 */
export async function benchSideBySide({ isQuick = false, tell = () => {} } = {}) {
  installScript(tell);
  const { people, latenciesMs, rounds, crowd } = isQuick ? QUICK : FULL;
  return {
    people,
    latenciesMs,
    rounds,
    bareMs: Math.min(...(await repeat(rounds, bareNode))),
    costs: await costsOf({ people, latenciesMs, rounds, tell }),
    limited: crowd === null ? null : { people: crowd, runs: await limitedRuns(crowd, tell) },
    incidents: await incidentsOf(isQuick ? SCENARIOS.filter(({ quick }) => quick) : SCENARIOS, tell),
  };
}

/** Every tool in every scenario. */
export async function incidentsOf(scenarios, tell) {
  installScript(tell);
  const incidents = [];
  for (const scenario of scenarios) {
    tell(scenario.name);
    for (const tool of TOOLS) incidents.push(await meet(scenario, tool));
  }
  return incidents;
}

/** What makes a comparison worthless, or grantd worse than it promises; empty where all is well. */
export function failuresOf({ costs, limited, incidents }) {
  const unfinished = [
    ...costs.flatMap(({ situation, tool, runs }) => runs.map((run) => ({ ...run, what: `${tool}, ${situation}` }))),
    ...(limited?.runs ?? [])
      .filter(({ tool }) => tool === TOOLS[0].name)
      .map((run) => ({ ...run, what: `${run.tool}, rate limit` })),
  ].filter(({ exitCode, undone }) => exitCode !== 0 || undone > 0);
  const broken = incidents.filter(({ scenario, tool, first }) => {
    if (scenario.isControl) return first.class !== 'right';
    return tool === TOOLS[0] && !scenario.unavoidable && ['harm', 'silent'].includes(first.class);
  });
  return [
    ...unfinished.map(
      ({ what, exitCode, undone }) => `${what}: exit ${exitCode}, ${undone} people not as the policy says`,
    ),
    ...broken.map(({ scenario, tool, first }) => `${tool.name}, ${scenario.name}: ${first.class}`),
  ];
}

/** Tools take turns, so that what else the machine does falls on all of them. */
async function costsOf({ people, latenciesMs, rounds, tell }) {
  const runsBy = new Map();
  for (const situation of Object.keys(SITUATIONS)) {
    for (const latencyMs of latenciesMs) {
      tell(`${SITUATIONS[situation].title}, ${latencyMs} ms`);
      for (let round = 0; round < rounds; round += 1) {
        for (const tool of TOOLS) {
          const key = `${situation} ${tool.name}`;
          const run = { latencyMs, ...(await costOf(tool, { situation, people, latencyMs })) };
          runsBy.set(key, { situation, tool: tool.name, runs: [...(runsBy.get(key)?.runs ?? []), run] });
        }
      }
    }
  }
  return [...runsBy.values()];
}

async function limitedRuns(people, tell) {
  const runs = [];
  for (const tool of TOOLS) {
    tell(`rate limit, ${people} people: ${tool.name}`);
    runs.push({ tool: tool.name, ...(await costOf(tool, { situation: 'first', people, rateLimit: 'on' })) });
  }
  return runs;
}

async function bareNode() {
  const startedAt = performance.now();
  await once(spawn(process.execPath, ['-e', '0'], { stdio: 'ignore' }), 'exit');
  return performance.now() - startedAt;
}

function installScript(tell) {
  if (isScriptInstalled()) return;
  tell('npm ci, of what the script needs');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: SCRIPT_PACKAGE,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) throw new Error(`npm ci in ${SCRIPT_PACKAGE} ended with ${status}`);
}

async function repeat(times, measure) {
  const results = [];
  for (let time = 0; time < times; time += 1) results.push(await measure());
  return results;
}
