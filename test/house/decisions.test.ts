import { basename } from 'node:path';
import { describe, expect, it } from 'vitest';
import { filesBelow, textOf } from './repository.ts';

const INDEX = 'docs/decisions/README.md';
const RECORDS = filesBelow('docs/decisions').filter((path) => path !== INDEX);

describe('the records of decisions', () => {
  it('each has the sections of the template, and 200 words at most', () => {
    expect(RECORDS.length).toBeGreaterThan(15);
    for (const path of RECORDS) {
      const text = textOf(path);
      const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
      expect(sections.slice(0, 3), path).toEqual(['Context', 'Decision', 'Consequences']);
      expect(text.split(/\s+/).length, path).toBeLessThanOrEqual(200);
    }
  });

  it('the index has each one with its title, date and status, and no other', () => {
    const rows = [...textOf(INDEX).matchAll(/^\| \[\d{4}\]\((.+)\) \| .+ \|$/gm)];
    const expected = RECORDS.map((path) => {
      const text = textOf(path);
      const [, number, title] = /^# (\d{4}) (.+)$/m.exec(text) ?? [];
      const factOf = (name: string) => new RegExp(`^- \\*\\*${name}:\\*\\* (.+)$`, 'm').exec(text)?.[1];
      return `| [${number}](${basename(path)}) | ${title} | ${factOf('Date')} | ${factOf('Status')} |`;
    });
    expect(rows.map(([row]) => row).sort()).toEqual(expected.sort());
  });
});
