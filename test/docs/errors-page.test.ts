import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { NOTICE_CODES } from '../../src/core/domain/plan/notice.ts';
import { GUARD_RULES } from '../../src/core/domain/plan/plan.ts';
import { ROOT } from '../support/build.ts';

it.each([
  ['Notices', Object.keys(NOTICE_CODES)],
  ['Guards', [...GUARD_RULES]],
])('docs/errors.md: %s lists every code, and no other', (heading, codes) => {
  const page = readFileSync(join(ROOT, 'docs/errors.md'), 'utf8');
  const [, section = ''] = page.split(`## ${heading}\n`);
  const rows = [...(section.split('\n## ')[0] ?? '').matchAll(/^\| `([^`]+)` \|/gm)].map(([, code]) => `${code}`);
  expect(rows.sort()).toEqual([...codes].sort());
});
