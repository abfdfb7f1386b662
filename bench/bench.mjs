/**
 * Measures what grantd promises of speed and cost, each against a floor that is computed in the same run. `--check` ends with
 * 1 where a budget is missed, `--record` writes docs/quality/performance.md and its chart. `--only` measures a part.
 */
import { parseArgs } from 'node:util';
import { benchCalls } from './calls.mjs';
import { benchCommands, judgeCommands } from './commands.mjs';
import { benchEditLatency } from './edit-latency.mjs';
import { benchIdle } from './idle.mjs';
import { benchLadder, judgeLadder } from './ladder.mjs';
import { budgetTable, commandsTable, ladderTable, placeText, record } from './markdown.mjs';
import { benchStart, benchWholeProcess } from './start.mjs';

const HELP = `npm run bench -- [--check] [--record] [--only calls|edit|ladder|commands|idle|start]

  --check    end with 1 where a budget is missed; measures every command on up to 5 000 people
  --record   write tables and charts into docs/quality/performance.md (all parts); every command on up to 20 000 people
  --only     measure one part; may be given again
  --help     print this

Takes some five minutes, needs Linux, and wants a machine that has nothing else to do: ratios to a floor of the same run
take away how fast it is, not what else goes on.`;

const PARTS = {
  calls: benchCalls,
  edit: async () => [await benchEditLatency()],
  ladder: benchLadderPart,
  commands: benchCommandsPart,
  idle: benchIdle,
  start: async () => [await benchStart(), ...(await benchWholeProcess())],
};
let rungs = [];
let commandRungs = [];

const { check, record: records, only, help } = readFlags();
if (help) print(HELP);
else await bench();

async function bench() {
  print(`${placeText()}\n`);
  const results = [];
  for (const name of only ?? Object.keys(PARTS)) {
    tell(name);
    results.push(...(await PARTS[name]()));
  }
  print(budgetTable(results));
  if (rungs.length > 0) print(`\n${ladderTable(rungs)}`);
  if (commandRungs.length > 0) print(`\n${commandsTable(commandRungs)}`);
  if (records) await record(results, rungs, commandRungs);
  if (check && results.some(({ isMet }) => !isMet)) {
    tell('a budget is missed');
    process.exitCode = 1;
  }
}

async function benchLadderPart() {
  rungs = await benchLadder(tell);
  return judgeLadder(rungs);
}

/** A check measures the smaller accounts only, so that it stays short; a record or a plain run measures all. */
async function benchCommandsPart() {
  commandRungs = await benchCommands(tell, { isShort: check && !records });
  return judgeCommands(commandRungs);
}

function readFlags() {
  try {
    const flags = {
      check: { type: 'boolean' },
      record: { type: 'boolean' },
      help: { type: 'boolean' },
      only: { type: 'string', multiple: true },
    };
    const { values } = parseArgs({ options: flags });
    const unknown = (values.only ?? []).filter((name) => !(name in PARTS));
    if (unknown.length > 0) throw new Error(`no part is called ${unknown.join(', ')}`);
    if (values.record && values.only) throw new Error('--record writes all parts, so it does not go with --only');
    return values;
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${HELP}\n`);
    process.exit(2);
  }
}

function print(text) {
  process.stdout.write(`${text}\n`);
}

function tell(text) {
  process.stderr.write(`… ${text}\n`);
}
