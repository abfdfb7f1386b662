import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { CROWD_WORDS, SITUATIONS } from './crowd.mjs';
import { endCells } from './words.mjs';

/** The results as Markdown: machine and date, what a run costs, the rate limit, and how the faults ended. */
export function markdownOf(results) {
  const parts = [
    headOf(results),
    '### What a run costs',
    costTable(results),
    ...(results.limited ? [limitLines(results.limited)] : []),
    '### When something goes wrong',
    incidentTable(results.incidents),
  ];
  return `${parts.join('\n\n')}\n`;
}

function headOf({ people, rounds }) {
  const lock = JSON.parse(readFileSync(new URL('package-lock.json', import.meta.url), 'utf8'));
  const version = (name) => lock.packages[`node_modules/${name}`].version;
  const machine = `${cpus().length} cores of an ${cpus()[0]?.model ?? 'unknown processor'}`;
  const load = `load average over 15 minutes ${loadavg()[2].toFixed(1)}`;
  const date = new Date().toISOString().slice(0, 10);
  return `Node ${process.version}, ${machine}, ${load}; mailtrap ${version('mailtrap')}, axios ${version('axios')}; ${date}. ${people} people with ${CROWD_WORDS}; each time is that of the fastest of ${rounds} runs.`;
}

function costTable({ costs, latenciesMs, bareMs }) {
  const rows = costs.map(({ situation, tool, runs: [run, ...others] }) => [
    SITUATIONS[situation].title,
    tool,
    run.gets,
    run.puts,
    seconds(Math.min(...[run, ...others].map(({ startMs }) => startMs))),
    ...latenciesMs.map((latencyMs) => seconds(fastestOf([run, ...others], latencyMs).wallMs)),
  ]);
  const times = ['first request', ...latenciesMs.map((latencyMs) => `at ${latencyMs} ms`)];
  const heads = ['', 'tool', 'GETs', 'PUTs', ...times];
  return `An empty \`node\` process takes ${seconds(bareMs)} s.\n\n${table(heads, rows)}`;
}

function fastestOf(runs, latencyMs) {
  return runs
    .filter((run) => run.latencyMs === latencyMs)
    .reduce((fastest, run) => (run.wallMs < fastest.wallMs ? run : fastest));
}

function limitLines({ people, runs }) {
  const lines = runs.map(
    ({ tool, puts, refused, exitCode, wallMs }) =>
      `- ${tool}: ${seconds(wallMs)} s, ${refused} of ${puts} PUTs answered 429, exit ${exitCode}`,
  );
  return `First run of ${people} people with the rate limit of the API:\n\n${lines.join('\n')}`;
}

function incidentTable(incidents) {
  const names = [...new Set(incidents.map(({ scenario }) => scenario.name))];
  const rows = names.map((name) => [name, ...endCells(incidents.filter(({ scenario }) => scenario.name === name))]);
  return table(['what goes wrong', 'grantd', 'script'], rows);
}

function table(heads, rows) {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function seconds(durationMs) {
  return (durationMs / 1000).toFixed(2);
}
