// Coverage-guided fuzzing of everything that reads input from others. docs/quality/fuzzing.md has the promises.
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { DIST, openTarget } from './open-target.mjs';
import { HELP, readOptions, UsageError } from './options.mjs';
import { recordTable, resultTable } from './page.mjs';
import { runWorker } from './run-worker.mjs';
import { executionsOf } from './targets/targets.mjs';

const TELL_EVERY_MS = 10_000;

try {
  process.exitCode = await main(readOptions(process.argv.slice(2)));
} catch (error) {
  process.stderr.write(`npm run fuzz: ${error instanceof UsageError ? error.message : error.stack}\n`);
  process.exitCode = error instanceof UsageError ? 4 : 1;
}

async function main(options) {
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  return options.replay === null ? fuzz(options) : replay(options);
}

async function replay({ targets: [name], replay: path }) {
  const bytes = readInput(path);
  const target = await openTarget(name, (module) => import(`${DIST}${module}.js`));
  try {
    await target.check(bytes);
    process.stdout.write(`${path}: ${name} keeps its promises\n`);
    return 0;
  } catch (error) {
    process.stdout.write(`${path}: ${error?.stack ?? error}\n`);
    return 1;
  } finally {
    await target.close?.();
  }
}

function readInput(path) {
  try {
    return readFileSync(path);
  } catch (error) {
    throw new UsageError(`--replay ${path} cannot be read (${error.code})`);
  }
}

/** As many targets at one time as there are processors; each has its share of the executions and of the time. */
async function fuzz({ targets, executions, minutes, seed, record }) {
  const threads = Math.min(availableParallelism(), targets.length);
  const shares = executionsOf(targets, executions);
  const minutesEach = (minutes * threads) / targets.length;
  process.stdout.write(`seed ${seed}, ${targets.length} targets, ${threads} at a time\n`);
  const began = Date.now();
  const waiting = [...targets];
  const results = [];
  await Promise.all(Array.from({ length: threads }, work));
  const table = resultTable(targets.map(resultFor));
  process.stdout.write(`\n${table}\n`);
  if (record) recordTable('results', { seed, minutes: (Date.now() - began) / 60_000, table });
  return results.some(({ findings }) => findings.length > 0) ? 1 : 0;

  function resultFor(name) {
    return results.find((result) => result.name === name);
  }

  async function work() {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
      const job = { name, seed, executions: shares.get(name), minutes: minutesEach };
      const ended = await runWorker(job, progressOf(name, shares.get(name)));
      results.push({ name, ...ended });
      tellEnd(name, ended);
    }
  }
}

function progressOf(name, most) {
  let reportedAt = Date.now();
  return ({ executions, corpus }) => {
    if (Date.now() - reportedAt < TELL_EVERY_MS) return;
    reportedAt = Date.now();
    const of = Number.isFinite(most) ? ` of ${most}` : '';
    process.stdout.write(`  ${name}: ${executions}${of} executions, corpus ${corpus}\n`);
  };
}

function tellEnd(name, { result, findings }) {
  const what = result === null ? 'was ended' : `${result.executions} executions, corpus ${result.corpus}`;
  process.stdout.write(`${name}: ${what}, ${findings.length} failures\n`);
  for (const { text, reproduction, executions } of findings) {
    process.stdout.write(`\nFAILED after ${executions} executions: ${text}\n  again: ${reproduction}\n`);
  }
}
