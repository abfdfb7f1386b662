import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { loadAccountSeed } from '../../src/simulator/account-seed.ts';
import { startSimulator } from '../../src/simulator/start-simulator.ts';
import { ensureBuilt, ROOT } from '../support/build.ts';
import { blocksOf, runShell } from './shell-blocks.ts';

beforeAll(ensureBuilt);

it('docs/import.md: every command runs, and prints what the page shows', async () => {
  const loaded = loadAccountSeed(readFileSync(join(ROOT, 'config/account.example.yaml'), 'utf8'));
  if (!('seed' in loaded)) throw new Error(loaded.errors.join('\n'));
  const simulator = await startSimulator({ seed: loaded.seed });
  const [first = '', ...others] = blocksOf('docs/import.md', 'sh');
  const script = [first, 'cat policy.yaml', ...others].join('\n');
  const { code, output } = await runShell(script, {
    GRANTD_API_URL: simulator.url,
    MAILTRAP_API_TOKEN: 'simulator-admin-token',
  });
  await simulator.close();
  expect(code, output).toBe(0);
  const shown = [...blocksOf('docs/import.md', 'text'), ...blocksOf('docs/import.md', 'yaml')];
  expect(shown).toHaveLength(4);
  for (const block of shown) expect(output).toContain(block);
});
