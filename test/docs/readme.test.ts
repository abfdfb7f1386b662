import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt, ROOT } from '../support/build.ts';
import { runCli } from '../support/in-process.ts';
import { simulate } from '../support/simulate.ts';
import { pointedAt, workplace } from '../support/workplace.ts';
import { blocksOf, runShell } from './shell-blocks.ts';

beforeAll(ensureBuilt);

describe('the README', () => {
  it('every command of its five minutes runs, one after the other', async () => {
    const blocks = blocksOf('README.md', 'sh');
    expect(blocks.length).toBeGreaterThanOrEqual(5);
    const { code, output } = await runShell(blocks.join('\n'));
    expect(output).toContain('9 applied');
    expect(output).toMatch(/ann@example\.com\n {4}- account +admin → none +applied/);
    expect(code, output).toBe(0);
  });

  it('its policy is valid, and passes its tests', async () => {
    const [policy = ''] = blocksOf('README.md', 'yaml').filter((block) => block.includes('version: 1'));
    const { code, output } = await runShell(`cat > policy.yaml <<'END'\n${policy}END\ngrantd validate`);
    expect(output).toContain('1 of 1 tests passed');
    expect(code, output).toBe(0);
  });

  it('the plan beside its policy is what grantd prints on the simulated account', async () => {
    const [policy = ''] = blocksOf('README.md', 'yaml');
    const [plan] = blocksOf('README.md', 'text');
    const simulator = await simulate();
    const cwd = workplace({ 'policy.yaml': policy });
    const printed = await runCli(['plan', 'policy.yaml'], { cwd, env: pointedAt(simulator) });
    await simulator.close();
    expect(printed).toMatchObject({ code: 0, stderr: '', stdout: plan });
  });

  it('a line that fails is noticed', async () => {
    expect((await runShell('grantd validate nowhere.yaml\ntrue')).code).toBe(4);
  });

  it('every page that it or another page links to exists', () => {
    const pages = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'SECURITY.md', ...docPages()];
    const broken = pages.flatMap((page) => {
      const links = [...readFileSync(join(ROOT, page), 'utf8').matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)];
      return links
        .map(([, target]) => join(page, '..', `${target}`))
        .filter((target) => !isThere(target))
        .map((target) => `${page} → ${target}`);
    });
    expect(broken).toEqual([]);
  });
});

function docPages(): readonly string[] {
  return [...readFileSync(join(ROOT, 'README.md'), 'utf8').matchAll(/\]\((docs\/[a-z/-]+\.md)\)/g)].map(
    ([, page]) => `${page}`,
  );
}

function isThere(path: string): boolean {
  try {
    readFileSync(join(ROOT, path));
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EISDIR';
  }
}
