// `npm test` on every Node that grantd promises to run on, one after the other, with a table at the end.
import { readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { compatTable, isGood, recordedPage } from './compat-table.mjs';
import { bringNode, chosenLines, readEngines } from './node-release.mjs';
import { runSuite } from './run-suite.mjs';

const PAGE = new URL('../../docs/quality/compatibility.md', import.meta.url);
const MARK = '<!-- written by npm run compat -- --record -->';
const HELP = `npm run compat [-- OPTIONS] [-- PATH...]

Runs npm test on Node 20 (the oldest that package.json lets in), 22, 24 and 26 (the newest of each), one after the other.
The Nodes come from the npm registry, and stay in $XDG_CACHE_HOME/grantd-nodes (~/.cache/grantd-nodes).

  --only LINES   some of them: --only 20,26
  --record       writes the table into docs/quality/compatibility.md
  --help         this text
  PATH           only the tests under these paths: npm run compat -- --only 24 test/cli test/process

Ends with 0 where every run was good, with 1 where a test failed or a Node could not be had, with 4 for wrong usage.
`;

/** @param {() => Promise<number>} work */
async function endingWith(work) {
  try {
    process.exitCode = await work();
  } catch (error) {
    process.stderr.write(`npm run compat: ${error.message.split('. ')[0]}\n`);
    process.exitCode = error.code?.startsWith('ERR_PARSE_ARGS') || error.message.startsWith('--') ? 4 : 1;
  }
}

await endingWith(async () => {
  const { values, positionals: paths } = parseArgs({
    allowPositionals: true,
    options: { only: { type: 'string' }, record: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  // All are brought before the first is used: a registry that does not answer is told at once, not after an hour.
  const nodes = chosenLines(values.only).map((line) => bringNode(line, readEngines()));
  const runs = [];
  for (const node of nodes) {
    process.stdout.write(`\n=== Node ${node.version}\n`);
    const run = await runSuite(node, paths);
    runs.push(run);
    if (run.isCalledOff) return 1;
  }
  const date = new Date().toISOString().slice(0, 10);
  process.stdout.write(`\n${compatTable(runs, date)}\n`);
  if (values.record) writeFileSync(PAGE, recordedPage(readFileSync(PAGE, 'utf8'), MARK, runs, date));
  return runs.every(isGood) ? 0 : 1;
});
