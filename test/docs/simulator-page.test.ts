import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadAccountSeed } from '../../src/simulator/account-seed.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { ensureBuilt, ROOT } from '../support/build.ts';
import { blocksOf, runShell } from './shell-blocks.ts';

beforeAll(ensureBuilt);

describe('docs/simulator.md', () => {
  it('every call of the page is answered with success, one after the other', async () => {
    const loaded = loadAccountSeed(readFileSync(join(ROOT, 'config/account.example.yaml'), 'utf8'));
    if (!('seed' in loaded)) throw new Error(loaded.errors.join('\n'));
    const simulator = await startSimulator({ seed: loaded.seed });
    const lines = blocksOf('docs/simulator.md', 'sh')
      .join('\n')
      .replace(/^SIM=.*$/m, `SIM=${simulator.url}`);
    const { code, output } = await runShell(`curl() { command curl --fail-with-body "$@"; }\n${lines}`);
    await simulator.close();
    expect(lines.match(/^curl /gm)?.length).toBeGreaterThan(20);
    expect(code, output).toBe(0);
  });
});
