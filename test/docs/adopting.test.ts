import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { COMMANDS } from '../../src/cli/commands.ts';
import { ensureBuilt, ROOT } from '../support/build.ts';
import { seedOf, simulate } from '../support/simulate.ts';
import { skipFor } from '../support/skipped-for.ts';
import { blocksOf, runShell } from './shell-blocks.ts';

// Many processes, one after the other, on a machine that may be busy.
vi.setConfig({ testTimeout: 300_000 });

const LINES = blocksOf('docs/adopting.md', 'sh').join('\n');
const USED = new Set([...LINES.matchAll(/\bgrantd ([a-z]+) /g)].map(([, name]) => `${name}`));
const MISSING = [...USED].filter((name) => !COMMANDS.some((command) => command.name === name));

beforeAll(ensureBuilt);

describe('docs/adopting.md', () => {
  it('uses what it is about', () => {
    expect([...USED].sort()).toEqual(
      ['apply', 'compare', 'doctor', 'import', 'plan', 'review', 'run', 'snapshot', 'validate', 'who'].sort(),
    );
  });

  it('every command runs on a messy account, which ends as the policy says', async (context) => {
    if (MISSING.length > 0) skipFor(context, `this version has no grantd ${MISSING.join(', ')}`);
    const simulator = await simulate({
      seed: seedOf(readFileSync(join(ROOT, 'test/fixtures/messy-account.yaml'), 'utf8')),
    });
    // Any free port, told by the daemon's own log: 9911 may be in use where tests run.
    const script = LINES.replace('127.0.0.1:9911 >', '127.0.0.1:0 >').replace(
      'http://127.0.0.1:9911/',
      '"$(address)"/',
    );
    const address = `address() { sed -n 's/.*"httpAddress":"\\([^"]*\\)".*/http:\\/\\/\\1/p' grantd.log; }`;
    const { code, output } = await runShell(`${address}\n${script}\ncat access-review.md`, {
      GRANTD_API_URL: simulator.url,
      MAILTRAP_API_TOKEN: 'simulator-admin-token',
    });
    const writes = simulator.requests().filter(({ method }) => method === 'PUT');
    expect(code, output).toBe(0);
    expect(output).toContain('grantd_policy_valid');
    expect(output).toContain('1 of 1 tests passed');
    // Ann by what is additive; four who left by what is approved. Nobody else is ever written.
    expect(writes.map(({ path }) => Number(/account_accesses\/(\d+)/.exec(path)?.[1])).sort()).toEqual([
      5010, 5020, 5021, 5022, 5023,
    ]);
    expect(output.match(/held/g)?.length ?? 0).toBeGreaterThan(0);
  });
});
