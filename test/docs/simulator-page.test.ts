import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../support/build.ts';
import { simulate } from '../support/simulate.ts';
import { blocksOf, runShell } from './shell-blocks.ts';

beforeAll(ensureBuilt);

describe('docs/simulator.md', () => {
  it('every call of the page is answered with success, one after the other', async () => {
    const simulator = await simulate();
    const lines = blocksOf('docs/simulator.md', 'sh')
      .join('\n')
      .replace(/^SIM=.*$/m, `SIM=${simulator.url}`);
    const { code, output } = await runShell(`curl() { command curl --fail-with-body "$@"; }\n${lines}`);
    expect(lines.match(/^curl /gm)?.length).toBeGreaterThan(20);
    expect(code, output).toBe(0);
  });
});
