import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ROOT } from '../support/build.ts';

const PAGE = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8');
const ROWS = PAGE.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:who|threat) \|/.test(line));

describe('docs/threat-model.md', () => {
  it('every proof that it names is there', () => {
    const named = [...PAGE.matchAll(/`((?:test|src|config|action)\/[^`]+|package-lock\.json)`/g)].map(
      ([, path]) => `${path}`,
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it('every threat has a proof, or says that there is none', () => {
    const threats = ROWS.filter((row) => row.split('|').length === 5);
    expect(threats.length).toBeGreaterThan(35);
    expect(threats.filter((row) => !/\| (?:–|.*(?:`[^`]+`|\]\([^)]+\))) \|$/.test(row))).toEqual([]);
  });

  it('every part says what is not stopped', () => {
    const parts = PAGE.split('\n## ').slice(1);
    expect(
      parts.filter((part) => !part.includes('**What does not stop it.**')).map((part) => part.split('\n')[0]),
    ).toEqual([]);
  });
});
