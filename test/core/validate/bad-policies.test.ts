import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { SourceText } from '../../../src/core/document/source-text.ts';
import { PROBLEM_CODES } from '../../../src/core/domain/text/problem-code.ts';
import { validatePolicy } from '../../../src/core/validate/validate-policy.ts';
import { renderProblems } from '../../../src/report/problems/text.ts';
import { checkPolicyShape, policyText } from './policy-text.ts';

const FOLDER = new URL('../../fixtures/bad-policies/', import.meta.url);

/** What no text file can hold well: made here, with a golden text beside the others. */
const GENERATED: readonly SourceText[] = [
  { file: 'binary.yaml', text: 'version: 1\n\0\0\u0001\u0002\n' },
  { file: 'utf-16.yaml', text: 'v\0e\0r\0s\0i\0o\0n\0' },
  { file: 'over-1-mib.yaml', text: `${policyText()}${'#'.repeat(1_048_577 - policyText().length)}` },
  { file: 'over-1-mib-in-bytes.yaml', text: `${policyText()}# ${'é'.repeat(524_288)}` },
  {
    file: 'bom-and-crlf.yaml',
    text: `\uFEFF${policyText('grants:\n  - to: group:qa\n    resource: project:Team #1\n    level: viewer').replaceAll('\n', '\r\n')}`,
  },
  { file: 'too-many-words.yaml', text: policyText(`manage: [${'billing,'.repeat(100_000)}]`) },
  { file: 'too-many-line-ends.yaml', text: policyText('#\n'.repeat(200_000)) },
  { file: 'too-many-members.yaml', text: policyText(manyMembers()) },
  { file: 'bom-inside.yaml', text: policyText('# here:\uFEFF\ngrants: []') },
];

/** A large group in many different lists. */
function manyMembers(): string {
  const people = Array.from({ length: 5000 }, (_, index) => `p${index}@example.com`);
  const grants = Array.from(
    { length: 101 },
    (_, index) => `  - { to: [group:all, x${index}@example.com], resource: account, level: viewer }`,
  );
  return `groups:\n  all: [${people.join(', ')}]\ngrants:\n${grants.join('\n')}`;
}

const WRITTEN: readonly SourceText[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((file) => ({ file, text: readFileSync(new URL(file, FOLDER), 'utf8') }));

const ALL = [...WRITTEN, ...GENERATED];

/** The problems of a file as a person reads them. With UPDATE_GOLDEN=1 the golden text becomes what is found now. */
function golden(source: SourceText): { readonly found: string; readonly expected: string } {
  const found = renderProblems(validatePolicy(source, checkPolicyShape).problems, source);
  const path = new URL(source.file.replace(/\.yaml$/, '.txt'), FOLDER);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, found);
  return { found, expected: existsSync(path) ? readFileSync(path, 'utf8') : '' };
}

describe('a bad policy', () => {
  it.each(ALL.map((source) => [source.file, source] as const))(
    '%s has the problems of its golden text',
    (_, source) => {
      const { found, expected } = golden(source);
      expect(found).toBe(expected);
      expect(found).not.toBe('');
    },
  );

  it('is one of at least 80, each with a golden text beside it', () => {
    expect(WRITTEN.length).toBeGreaterThanOrEqual(80);
    const texts = readdirSync(FOLDER).filter((name) => name.endsWith('.txt'));
    expect(texts.sort()).toEqual(ALL.map(({ file }) => file.replace(/\.yaml$/, '.txt')).sort());
  });

  it('shows every code of the list in at least one golden text', () => {
    const shown = new Set(
      ALL.flatMap((source) => validatePolicy(source, checkPolicyShape).problems.map(({ code }) => code)),
    );
    expect(Object.keys(PROBLEM_CODES).filter((code) => !shown.has(code as keyof typeof PROBLEM_CODES))).toEqual([]);
  });

  it('never says one thing twice at one place, and points into the text', () => {
    for (const source of ALL) {
      const { problems } = validatePolicy(source, checkPolicyShape);
      const lines = source.text.split('\n').length;
      expect(new Set(problems.map(({ at, message }) => `${at.line}:${at.column} ${message}`)).size).toBe(
        problems.length,
      );
      expect(problems.every(({ at }) => at.line <= lines && at.column >= 1 && at.length >= 1)).toBe(true);
    }
  });
});
