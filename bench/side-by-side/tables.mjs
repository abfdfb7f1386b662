import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { CROWD_WORDS, SITUATIONS } from './crowd.mjs';
import { TOOLS } from './tools.mjs';
import { peopleLines, verdictWords } from './words.mjs';

/** The results as Markdown: machine and date, what a run costs, the rate limit, and how the faults ended. */
export function markdownOf(results) {
  const parts = [
    headOf(results),
    '### Calls, rows and bytes',
    callsTable(results),
    '### Time',
    timeTable(results),
    ...(results.limited ? ['### With the rate limit of the API', limitTable(results.limited)] : []),
    '### When something goes wrong',
    incidentTable(results.incidents),
    '### Who was harmed',
    peopleLines(results.incidents).join('\n'),
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

function callsTable({ costs }) {
  const rows = costs.map(({ situation, tool, runs: [run] }) => [
    SITUATIONS[situation].title,
    tool,
    run.gets,
    run.puts,
    run.rows,
    kilobytes(run.sentBytes),
    kilobytes(run.receivedBytes),
    run.connections,
  ]);
  return table(['', 'tool', 'GET', 'PUT', 'rows', 'sent kB', 'received kB', 'connections'], rows);
}

/** Seconds from start to exit of the process; in brackets, from its first request to the last answer. */
function timeTable({ costs, latenciesMs, bareMs }) {
  const rows = costs.map(({ situation, tool, runs }) => [
    SITUATIONS[situation].title,
    tool,
    seconds(Math.min(...runs.map(({ startMs }) => startMs))),
    ...latenciesMs.map((latencyMs) => {
      const { wallMs, askingMs } = fastestOf(runs.filter((run) => run.latencyMs === latencyMs));
      return `${seconds(wallMs)} (${seconds(askingMs)})`;
    }),
  ]);
  const heads = ['', 'tool', 'start to first request', ...latenciesMs.map((latencyMs) => `${latencyMs} ms latency`)];
  return `Seconds from start to exit of the process; in brackets, from its first request to the last answer. An empty \`node\` process takes ${seconds(bareMs)} s.\n\n${table(heads, rows)}`;
}

function fastestOf(runs) {
  return runs.reduce((fastest, run) => (run.wallMs < fastest.wallMs ? run : fastest));
}

function limitTable({ people, runs }) {
  const rows = runs.map((run) => [run.tool, run.puts, run.refused, run.undone, run.exitCode, seconds(run.wallMs)]);
  const heads = [`${people} people, first run`, 'PUT', 'of these answered 429', 'people left', 'exit code', 'seconds'];
  return table(heads, rows);
}

function incidentTable(incidents) {
  const names = [...new Set(incidents.map(({ scenario }) => scenario.name))];
  const rows = names.map((name) => [
    name,
    ...TOOLS.map((tool) => {
      const incident = incidents.find((one) => one.scenario.name === name && one.tool === tool);
      return verdictWords(incident);
    }),
  ]);
  return table(['what goes wrong', ...TOOLS.map(({ name }) => name)], rows);
}

function table(heads, rows) {
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function kilobytes(bytes) {
  return (bytes / 1000).toFixed(1);
}

function seconds(durationMs) {
  return (durationMs / 1000).toFixed(2);
}
