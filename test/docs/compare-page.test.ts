import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { ensureBuilt, ROOT } from '../support/build.ts';
import { blocksOf, runShell } from './shell-blocks.ts';

beforeAll(ensureBuilt);

const SAVE_ACCOUNT = `
grantd simulate --port 0 > simulator.txt &
until grep -q Ctrl-C simulator.txt; do sleep 0.2; done
GRANTD_API_URL="$(grep -o 'http://127.0.0.1:[0-9]*' simulator.txt | head -n 1)" MAILTRAP_API_TOKEN=simulator-admin-token \\
  grantd snapshot old.yaml --out account.json 2>/dev/null`;

it('docs/compare.md: its commands print what the page shows', async () => {
  const [prepare = '', byText = '', onAccount = '', ...others] = blocksOf('docs/compare.md', 'sh');
  expect(others).toEqual([]);
  const mark = '===== the next one =====';
  const script = [prepare, SAVE_ACCOUNT, `echo '${mark}'`, byText, `echo '${mark}'`, onAccount];
  const { code, output } = await runShell(script.join('\n'));
  expect(code, output).toBe(0);
  const [, ...printed] = output.split(`${mark}\n`);
  expect(blocksOf('docs/compare.md', 'text')).toEqual(printed);
});

it('docs/compare.md: every section of an output that it shows stands in its table', () => {
  const page = readFileSync(join(ROOT, 'docs/compare.md'), 'utf8');
  const titles = blocksOf('docs/compare.md', 'text').flatMap((text) =>
    [...text.matchAll(/^(\S.*) \(\d+\)$/gm)].map(([, title]) => `${title}`),
  );
  expect(titles.length).toBeGreaterThan(5);
  for (const title of titles)
    expect(
      page.split('\n').some((line) => line.startsWith('|') && line.includes(title)),
      title,
    ).toBe(true);
});
