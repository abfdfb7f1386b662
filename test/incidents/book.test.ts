import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/build.ts';
import { readBook } from './support/book.ts';

/** `emptied-file in test/incidents/policy-file.test.ts` */
function replayed(): readonly string[] {
  const folder = 'test/incidents';
  const files = readdirSync(join(ROOT, folder)).filter((file) => file.endsWith('.test.ts'));
  return files.flatMap((file) => {
    const text = readFileSync(join(ROOT, folder, file), 'utf8');
    return [...text.matchAll(/^incident\('([a-z0-9-]+)'/gm)].map(([, id]) => `${id} in ${folder}/${file}`);
  });
}

describe('docs/quality/incidents.md', () => {
  const book = readBook();

  it('and the tests tell the same scenarios, each in the file that the book names', () => {
    expect(replayed().length).toBeGreaterThan(40);
    expect(book.map(({ id, test }) => `${id} in ${test}`).sort()).toEqual([...replayed()].sort());
  });

  it.each(book)('$title: says what happened elsewhere, and what grantd does and prints', (entry) => {
    expect(entry.parts).toEqual(['Elsewhere', 'grantd']);
    expect(entry.prints.length).toBeGreaterThan(0);
  });
});
