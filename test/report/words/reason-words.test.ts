import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { DEFERRED_WORDS, type ReasonWords } from '../../../src/core/domain/plan/deferred-words.ts';
import { UNMANAGEABLE_WORDS } from '../../../src/report/words/reason-words.ts';

const DOCS = readFileSync(new URL('../../../docs/plan.md', import.meta.url), 'utf8');

/** The rows of the table below a heading: code, cause, remedy. */
function tableBelow(heading: string): readonly (readonly string[])[] {
  const section = DOCS.split(/^## /m).find((text) => text.startsWith(heading)) ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()));
}

describe.each<[string, Readonly<Record<string, ReasonWords>>]>([
  ['Unmanageable', UNMANAGEABLE_WORDS],
  ['Deferred', DEFERRED_WORDS],
])('docs/plan.md on %s', (heading, reasons) => {
  const rows = tableBelow(heading);

  test('has every code of the types, and no other', () => {
    const codes = rows.map(([, code]) => code?.replaceAll('`', ''));
    expect([...codes].sort()).toEqual(Object.keys(reasons).sort());
  });

  test('says the cause and the remedy as the plan does', () => {
    const words = Object.entries(reasons).map(([code, { cause, remedy }]) => [`\`${code}\``, cause, remedy]);
    const told = rows.map(([, code, cause, remedy]) => [code, cause, remedy]);
    expect(new Set(told)).toEqual(new Set(words));
  });
});
