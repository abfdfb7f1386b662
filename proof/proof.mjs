// The long runs: what `npm test` tries a few hundred times, many more times. Adds a dated row to docs/quality/proof.md.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';

const RUNS = Number(process.env.FAST_CHECK_RUNS ?? 200_000);
const SEED = Number(process.env.FAST_CHECK_SEED ?? Date.now() % 2 ** 31);
const PAGE = new URL('../docs/quality/proof.md', import.meta.url);

const began = Date.now();
const { status } = spawnSync(
  'npx',
  [
    'vitest',
    'run',
    'test/property',
    'test/core/validate/validate-policy.property.test.ts',
    'test/core/document/parse-document.test.ts',
    'test/daemon/model.test.ts',
    '--testTimeout=0',
  ],
  { stdio: 'inherit', env: { ...process.env, FAST_CHECK_RUNS: String(RUNS), FAST_CHECK_SEED: String(SEED) } },
);
// Every kill point there is, up to 500, and an hour of faults.
const { status: survived } = spawnSync(
  'npx',
  ['vitest', 'run', 'test/process/kill.test.ts', 'test/process/soak.test.ts', '--testTimeout=0'],
  {
    stdio: 'inherit',
    env: { ...process.env, GRANTD_KILL_POINTS: '500', GRANTD_SOAK_SECONDS: process.env.GRANTD_SOAK_SECONDS ?? '3600' },
  },
);
// Chaos worlds of new seeds, and a day of the daemon's life; docs/quality/reliability.md has their tables.
const WORLDS = Number(process.env.GRANTD_CHAOS_WORLDS ?? 10_000);
const chaosArgs = ['--worlds', String(WORLDS), '--from', String(1 + (SEED % 1_000_000_000)), '--write'];
const { status: wild } = spawnSync('npm', ['run', '--silent', 'chaos', '--', ...chaosArgs], { stdio: 'inherit' });
const { status: endured } = spawnSync('npm', ['run', '--silent', 'endurance', '--', '--write'], { stdio: 'inherit' });
// 200 handovers, on the API server that GRANTD_TEST_KUBERNETES_URL names; without one those are skipped, and it is printed.
const { status: led } = spawnSync('npx', ['vitest', 'run', 'test/cluster', '--testTimeout=0'], {
  stdio: 'inherit',
  env: { ...process.env, GRANTD_CLUSTER_ROUNDS: process.env.GRANTD_CLUSTER_ROUNDS ?? '200' },
});
// Every small change of the pure core must be noticed; docs/quality/mutation.md has its table.
const { status: noticed } = spawnSync('npm', ['run', '--silent', 'mutation'], { stdio: 'inherit' });
// A million random inputs (table: docs/quality/fuzzing.md), and every Node (table: docs/quality/compatibility.md).
const { status: kept } = spawnSync(
  'npm',
  ['run', '--silent', 'fuzz', '--', '--record', '--executions', process.env.GRANTD_FUZZ_EXECUTIONS ?? '1000000'],
  { stdio: 'inherit' },
);
const { status: runs } = spawnSync('npm', ['run', '--silent', 'compat', '--', '--record'], { stdio: 'inherit' });
// What Mailtrap's own client does, against the simulator; 3 means that the registry, which has it, cannot be reached.
const { status: official } = spawnSync('npm', ['run', '--silent', 'official-client'], { stdio: 'inherit' });
const minutes = ((Date.now() - began) / 60_000).toFixed(1);
const date = new Date(began).toISOString().slice(0, 10);
const ends = {
  properties: status,
  kills: survived,
  chaos: wild,
  endurance: endured,
  handovers: led,
  mutants: noticed,
  fuzzing: kept,
  nodes: runs,
  'the official client': official === 3 ? 0 : official,
};
const failed = Object.keys(ends).filter((name) => ends[name] !== 0);
const skipped = official === 3 ? '; skipped: the official client' : '';
const held = `all hold; ${WORLDS} worlds of chaos, 24 hours of endurance${skipped}`;
const outcome = failed.length === 0 ? held : `FAILED: ${failed.join(', ')}${skipped}`;
const row = `| ${date} | ${RUNS} | ${SEED} | ${outcome} | ${minutes} | ${process.version}, ${cpus().length} cores |\n`;
writeFileSync(PAGE, readFileSync(PAGE, 'utf8') + row);
process.stdout.write(row);
process.exitCode = failed.length === 0 ? 0 : 1;
