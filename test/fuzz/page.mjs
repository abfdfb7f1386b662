import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const PAGE = new URL('../../docs/fuzzing.md', import.meta.url);
const BEGIN = '<!-- begin: written by npm run fuzz -- --record -->';
const END = '<!-- end: written by npm run fuzz -- --record -->';

/** What a run came to, one row for each target and one for all. */
export function resultTable({ results }) {
  const rows = results.map(({ name, result, findings }) => rowOf(name, result ?? NOTHING, findings.length));
  const all = results.reduce((sum, { result }) => sum + (result?.executions ?? 0), 0);
  const failures = results.reduce((sum, { findings }) => sum + findings.length, 0);
  return [
    '| target | executions | functions run: at first, at last | code run, KiB: at first, at last | corpus: at first, at last | slowest input, ms | failures |',
    '|---|---|---|---|---|---|---|',
    ...rows,
    `| all | ${all} | | | | | ${failures} |`,
  ].join('\n');
}

const NOTHING = {
  executions: 0,
  functions: 0,
  bytes: 0,
  corpus: 0,
  slowestMs: 0,
  seeded: { functions: 0, bytes: 0, corpus: 0 },
};

function rowOf(name, { executions, functions, bytes, corpus, slowestMs, seeded }, failures) {
  const cells = [
    executions,
    `${seeded.functions}, ${functions}`,
    `${kibibytes(seeded.bytes)}, ${kibibytes(bytes)}`,
    `${seeded.corpus}, ${corpus}`,
    slowestMs.toFixed(0),
    failures,
  ];
  return `| ${name} | ${cells.join(' | ')} |`;
}

function kibibytes(bytes) {
  return (bytes / 1024).toFixed(1);
}

/** Puts the table of a run in the place of the last one. */
export function recordResults(run) {
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`docs/fuzzing.md lacks the line ${BEGIN} or ${END}`);
  const date = new Date().toISOString().slice(0, 10);
  const where = `Node ${process.version}, ${cpus().length} cores`;
  const head = `${date}, seed ${run.seed}, ${run.minutes.toFixed(1)} minutes, ${where}:`;
  writeFileSync(PAGE, `${before}${BEGIN}\n\n${head}\n\n${resultTable(run)}\n\n${END}${after}`);
}
