import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifyAuditLog } from '../../../src/adapters/audit/verify-audit-log.ts';
import { SEED } from '../../property/runs.ts';
import { type CompiledScript, compileScript } from '../../support/compile-script.ts';
import { kindsOf, newLog, open, recordsOf } from './support/puts.ts';
import { seededRandom, Victim } from './support/victim.ts';

const KILLS = 32;

/** Long enough for dozens of records, short enough that many kills hit the beginning. */
const LIFE_MOST_MS = 60;

let script: CompiledScript;

beforeAll(() => {
  script = compileScript('test/adapters/audit/support/append');
});

afterAll(() => script.remove());

/** Everything that was said to be written, as `kind runId`. */
function recordNames(file: string): ReadonlySet<string> {
  return new Set(
    recordsOf(file).flatMap((record) => (record.kind === 'repaired' ? [] : [`${record.kind} ${record.runId}`])),
  );
}

async function checkAfterKill(file: string, said: readonly string[], round: string): Promise<void> {
  const { unknown } = await open(file);
  const { breaks, withoutOutcome } = await verifyAuditLog(file, null);
  expect({ round, breaks, withoutOutcome }).toEqual({ round, breaks: [], withoutOutcome: [] });
  const names = recordNames(file);
  expect(said.filter((line) => !names.has(line))).toEqual([]);
  for (const name of names) {
    const [kind, runId] = name.split(' ');
    if (kind === 'intent') expect(names.has(`outcome ${runId}`), name).not.toBe(names.has(`unknown ${runId}`));
  }
  for (const { runId } of unknown) expect(names).toContain(`unknown ${runId}`);
}

test(`${KILLS} kills of a process that writes, seed ${SEED}: nothing that was said is lost`, async () => {
  const random = seededRandom(SEED);
  const file = newLog();
  const said: string[] = [];
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const victim = new Victim(process.execPath, [script.path, file, `kill${kill}`]);
    await victim.atWork();
    await victim.killAfter(random() * LIFE_MOST_MS);
    said.push(...victim.lines);
    await checkAfterKill(file, said, `kill ${kill}`);
  }
  expect(said.length).toBeGreaterThan(KILLS);
  expect(kindsOf(file)).toContain('unknown');
});

test('two processes write to one log and are killed: the chain never forks', async () => {
  const random = seededRandom(SEED + 1);
  const file = newLog();
  const said: string[] = [];
  for (let round = 1; round <= KILLS / 4; round += 1) {
    const victims = ['a', 'b'].map((name) => new Victim(process.execPath, [script.path, file, `${name}${round}`]));
    await Promise.all(victims.map((victim) => victim.atWork()));
    await Promise.all(victims.map((victim) => victim.killAfter(random() * 4 * LIFE_MOST_MS)));
    said.push(...victims.flatMap((victim) => victim.lines));
    await checkAfterKill(file, said, `round ${round}`);
  }
});
