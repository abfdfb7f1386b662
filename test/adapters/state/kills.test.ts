import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createFileStateStore } from '../../../src/adapters/state/file-state-store.ts';
import { SEED } from '../../property/runs.ts';
import { type CompiledScript, compileScript } from '../../support/compile-script.ts';
import { seededRandom, Victim } from '../audit/support/victim.ts';

const KILLS = 30;
const LIFE_MOST_MS = 40;

let script: CompiledScript;
let dir = '';

beforeAll(() => {
  script = compileScript('test/adapters/state/support/save');
  dir = mkdtempSync(join(tmpdir(), 'grantd-state-kills-'));
});

afterAll(() => {
  script.remove();
  rmSync(dir, { recursive: true, force: true });
});

test(`${KILLS} kills of a process that saves, seed ${SEED}: the last memory that was safe, or the next`, async () => {
  const random = seededRandom(SEED);
  let next = 0;
  for (let kill = 1; kill <= KILLS; kill += 1) {
    const victim = new Victim(process.execPath, [script.path, dir, String(next)]);
    await victim.atWork();
    await victim.killAfter(random() * LIFE_MOST_MS);
    const safe = Number(victim.lines.at(-1));
    const { memory, lost } = await createFileStateStore({ dir }).load(3229);
    expect(lost).toBe(null);
    const access = memory.provenPairs[0]?.access ?? Number.NaN;
    expect([safe, safe + 1]).toContain(access);
    expect(memory.provenPairs.at(-1)).toEqual({ access: access + 199, tokenId: 199 });
    expect(readdirSync(dir)).toEqual(['account-3229.json']);
    next = access + 1;
  }
});
