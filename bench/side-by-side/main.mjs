/**
 * Prints as Markdown how grantd and a script over the official client compare. `--record` writes that into
 * docs/quality/side-by-side.md; `--quick` runs a part, in under a minute; `--scenario TEXT` shows what each tool printed
 * in the scenarios whose name contains TEXT. Exits with 1 if grantd harmed someone or did not report something it left undone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { SCENARIOS } from './faults.mjs';
import { benchSideBySide, failuresOf, incidentsOf } from './side-by-side.mjs';
import { markdownOf } from './tables.mjs';
import { verdictWords } from './words.mjs';

const PAGE = new URL('../../docs/quality/side-by-side.md', import.meta.url);
const [BEGIN, END] = ['<!-- written by npm run bench:side-by-side -- --record -->', '<!-- to here -->'];

class UsageError extends Error {}

try {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      record: { type: 'boolean', default: false },
      scenario: { type: 'string' },
    },
  });
  const { quick, record, scenario } = values;
  if (record && (quick || scenario !== undefined)) {
    throw new UsageError('--record writes the whole comparison: leave --quick and --scenario out');
  }
  if (scenario === undefined) await compare(quick, record);
  else await show(scenario);
} catch (error) {
  // What was typed wrong needs no trace of where that was found out.
  const isUsage = error instanceof UsageError || error.code?.startsWith('ERR_PARSE_ARGS');
  process.stderr.write(`${isUsage ? error.message : error.stack}\n`);
  process.exitCode = 1;
}

async function compare(isQuick, isRecorded) {
  const results = await benchSideBySide({ isQuick, tell });
  const text = markdownOf(results);
  process.stdout.write(text);
  if (isRecorded) writeFileSync(PAGE, recorded(readFileSync(PAGE, 'utf8'), text));
  for (const failure of failuresOf(results)) {
    process.stderr.write(`FAILED: ${failure}\n`);
    process.exitCode = 1;
  }
}

async function show(part) {
  const scenarios = SCENARIOS.filter(({ name }) => name.includes(part));
  if (scenarios.length === 0) {
    throw new UsageError(
      `no scenario holds ${part}; there are:\n${SCENARIOS.map(({ name }) => `  ${name}`).join('\n')}`,
    );
  }
  for (const incident of await incidentsOf(scenarios, tell)) {
    const { stdout, stderr } = incident.first.run;
    const title = `${incident.scenario.name}: ${incident.tool.name}: ${verdictWords(incident)}`;
    process.stdout.write(`\n## ${title}\n\n${stdout}${stderr}`);
  }
}

function recorded(page, text) {
  const [head, rest] = page.split(BEGIN);
  const tail = rest?.split(END)[1];
  if (tail === undefined) throw new Error(`docs/quality/side-by-side.md has no ${BEGIN} with ${END} after it`);
  return `${head}${BEGIN}\n\n${text}\n${END}${tail}`;
}

function tell(what) {
  process.stderr.write(`… ${what}\n`);
}
