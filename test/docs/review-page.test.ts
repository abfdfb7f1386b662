import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { ENTRY_FINDINGS, HOLDER_MARKS } from '../../src/core/domain/answer/access-review.ts';
import { REVIEW_COLUMNS } from '../../src/report/review/csv.ts';
import { ensureBuilt, ROOT } from '../support/build.ts';
import { simulate } from '../support/simulate.ts';
import { pointedAt } from '../support/workplace.ts';
import { firstUntrue, runBlocks, shownRuns } from './page-outputs.ts';

beforeAll(ensureBuilt);

const SAVE = 'grantd snapshot config/policy.example.yaml --out account.json';

describe.each(['docs/review.md', 'docs/explain.md', 'docs/validate.md'])('%s', (page) => {
  it('every command of the page runs, and prints what the page shows', async () => {
    const runs = shownRuns(page);
    expect(runs.filter(({ shown }) => shown.length > 0).length).toBeGreaterThanOrEqual(2);
    const { code, output, outputs } = await runBlocks(runs, SAVE, pointedAt(await simulate()));
    for (const [index, run] of runs.entries()) expect(firstUntrue(run, outputs[index] ?? ''), output).toBeUndefined();
    expect(code, output).toBe(0);
  });
});

it('a line that is not printed is noticed', () => {
  const run = { commands: '', shown: ['a', 'b … d', 'e'] };
  expect(firstUntrue(run, 'a\nx\nb c d\ne\n')).toBeUndefined();
  expect(firstUntrue(run, 'b c d\na\ne\n')).toBe('b … d');
  expect(firstUntrue(run, 'a\nb c d\n')).toBe('e');
});

it.each<[string, Readonly<Record<string, string>>]>([
  ['mark', HOLDER_MARKS],
  ['finding', ENTRY_FINDINGS],
])('docs/review.md has every %s with its meaning, and no other', (heading, codes) => {
  expect(tableOf(heading)).toEqual(Object.entries(codes));
});

it('docs/review.md has every column, in their order', () => {
  expect(tableOf('column').map(([column]) => column)).toEqual([...REVIEW_COLUMNS]);
});

/** The rows of the table whose first column is called so: the code, and what it means. */
function tableOf(heading: string): readonly (readonly string[])[] {
  const page = readFileSync(join(ROOT, 'docs/review.md'), 'utf8');
  const [, table = ''] = page.split(new RegExp(`^\\| ${heading} \\|.*\\n\\|[-|]+\\|\\n`, 'm'));
  const rows = (table.split('\n\n')[0] ?? '').trimEnd().split('\n');
  return rows.map((row) => /^\| `([^`]+)` \| (.*) \|$/.exec(row)?.slice(1) ?? []);
}
