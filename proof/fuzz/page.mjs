import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const PAGE = new URL('../../docs/quality/fuzzing.md', import.meta.url);

/** The results of a run: one row per target and one for all. */
export function resultTable(results) {
  const rows = results.map(({ name, result, findings }) => rowOf(name, result ?? NOTHING, findings.length));
  const all = results.reduce((sum, { result }) => sum + (result?.executions ?? 0), 0);
  const failures = results.reduce((sum, { findings }) => sum + findings.length, 0);
  return [
    '| target | executions | functions run | slowest, ms | failures |',
    '|---|---|---|---|---|',
    ...rows,
    `| all | ${all} | | | ${failures} |`,
  ].join('\n');
}

const NOTHING = {
  executions: 0,
  functions: 0,
  slowestMs: 0,
};

function rowOf(name, { executions, functions, slowestMs }, failures) {
  return `| ${[name, executions, functions, slowestMs.toFixed(0), failures].join(' | ')} |`;
}

/** Each weakness that was introduced, and when fuzzing noticed it. */
export function sabotageTable(results) {
  const rows = results.map(
    ({ target, what, finding }) => `| ${target} | ${what} | ${finding?.executions ?? 'never'} |`,
  );
  return ['| target | weakness introduced | noticed at execution |', '|---|---|---|', ...rows].join('\n');
}

/** Replaces the table between the marks of its kind. */
export function recordTable(kind, { seed, minutes, table }) {
  const begin = `<!-- begin ${kind}: written by the command -->`;
  const end = `<!-- end ${kind} -->`;
  const page = readFileSync(PAGE, 'utf8');
  const [before, rest] = page.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`docs/quality/fuzzing.md lacks the line ${begin} or ${end}`);
  const date = new Date().toISOString().slice(0, 10);
  const where = `Node ${process.version}, ${cpus().length} cores`;
  const head = `${date}, seed ${seed}, ${minutes.toFixed(1)} minutes, ${where}:`;
  writeFileSync(PAGE, `${before}${begin}\n\n${head}\n\n${table}\n\n${end}${after}`);
}
