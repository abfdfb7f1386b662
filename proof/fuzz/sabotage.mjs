// Shows that fuzzing can fail: removes one safeguard at a time from a copy of the built code, and records whether, and how
// soon, fuzzing notices. --record writes the table into docs/quality/fuzzing.md. Exits with 1 if one was not noticed.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { recordTable, sabotageTable } from './page.mjs';
import { runWorker } from './run-worker.mjs';
import { SABOTAGES } from './sabotages.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const SEED = 1;
const EXECUTIONS_MOST = 100_000;
const MINUTES_MOST = 10;

const began = Date.now();
const results = [];
for (const sabotage of SABOTAGES) results.push(await tryOne(sabotage));
const table = sabotageTable(results);
process.stdout.write(`\n${table}\n`);
if (process.argv.includes('--record')) {
  recordTable('sabotage', { seed: SEED, minutes: (Date.now() - began) / 60_000, table });
}
process.exitCode = results.every(({ finding }) => finding !== undefined) ? 0 : 1;

async function tryOne(sabotage) {
  const directory = copyOfDist();
  try {
    weaken(join(directory, `${sabotage.file}.js`), sabotage);
    const dist = pathToFileURL(`${directory}/`).href;
    const job = {
      name: sabotage.target,
      seed: SEED,
      executions: EXECUTIONS_MOST,
      minutes: MINUTES_MOST,
      findingsMost: 1,
      dist,
    };
    const { findings } = await runWorker(job, () => {});
    const [finding] = findings;
    const found = finding ? `after ${finding.executions} executions` : 'NOT NOTICED';
    process.stdout.write(`${sabotage.target}, ${sabotage.what}: ${found}\n`);
    for (const { path } of findings) rmSync(path, { force: true });
    return { ...sabotage, finding };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Below node_modules, where packages are found from. */
function copyOfDist() {
  const cache = join(ROOT, 'node_modules', '.cache');
  mkdirSync(cache, { recursive: true });
  // V8 calls a file by its real path.
  const directory = realpathSync(mkdtempSync(join(cache, 'grantd-sabotage-')));
  writeFileSync(join(directory, 'package.json'), '{ "type": "module" }');
  cpSync(join(ROOT, 'dist'), directory, { recursive: true });
  return directory;
}

function weaken(path, { was, becomes }) {
  const code = readFileSync(path, 'utf8');
  if (code.split(was).length !== 2) throw new Error(`${path} does not hold "${was}" just once`);
  writeFileSync(
    path,
    code.replace(was, () => becomes),
  );
}
