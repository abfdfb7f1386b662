import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { PolicyTexts } from '../../../src/core/document/source-text.ts';
import { placeText } from '../../../src/core/domain/text/problem.ts';
import { PROBLEM_CODES } from '../../../src/core/domain/text/problem-code.ts';
import { validatePolicy } from '../../../src/core/validate/validate-policy.ts';
import { renderProblems } from '../../../src/report/problems/text.ts';
import { checkPolicyShape, includedFile, partShapes, policyText } from './policy-text.ts';

const FOLDER = new URL('../../fixtures/bad-policies/', import.meta.url);

/** What no text file can hold well: made here, with a golden text beside the others. */
const GENERATED: readonly PolicyTexts[] = [
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
  badSet(),
  { file: 'bom-inside.yaml', text: policyText('# here:\uFEFF\ngrants: []') },
];

/** A policy whose included files are wrong in many ways. */
function badSet(): PolicyTexts {
  return {
    file: 'bad-set.yaml',
    text: policyText(`include:
  - { shared: common.yaml }
  - { team: teams/a.yaml, as: a, may: ["project:A*", token:ci] }
  - { team: teams/b.yaml, as: b, may: ["inbox:B/*"], upTo: admin }
  - { approvals: approvals.yaml }
  - { team: teams/gone.yaml, as: gone, may: [account] }
tokens:
  ci: { access: 1, token: 2 }
  cd: { access: 3, token: 4 }
groups:
  deploy: [token:cd]`),
    included: [
      includedFile(
        'common.yaml',
        'shared',
        'groups: { deploy: [ann@example.com], QA: [bob@example.com] }\npaused: true',
      ),
      includedFile(
        'teams/a.yaml',
        'team',
        `groups: { qa: [ann@example.com], own: [token:ci] }
roles:
  tester: [{ resource: ["project:A1", "project:B1"], level: admin }]
grants:
  - { to: [group:own, group:deploy], role: tester }
  - { to: ann@example.com, resource: [account, "project:*", "inbox:#7", "inbox:A1/x"], level: viewer }
  - { to: [token:cd, group:elsewhere], resource: "project:A1", level: viewer }
tests:
  - { who: ann@example.com, resource: "project:B1", expect: none }`,
      ),
      includedFile(
        'teams/b.yaml',
        'team',
        'complete: true\ngrants: [{ to: group:own, resource: "inbox:B/x", level: admin }]',
      ),
      includedFile('approvals.yaml', 'approvals', 'grants: []'),
      { path: 'teams/gone.yaml', failure: 'there is no such file' },
    ],
  };
}

/** A large group in many different lists. */
function manyMembers(): string {
  const people = Array.from({ length: 5000 }, (_, index) => `p${index}@example.com`);
  const grants = Array.from(
    { length: 101 },
    (_, index) => `  - { to: [group:all, x${index}@example.com], resource: account, level: viewer }`,
  );
  return `groups:\n  all: [${people.join(', ')}]\ngrants:\n${grants.join('\n')}`;
}

const WRITTEN: readonly PolicyTexts[] = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .sort()
  .map((file) => ({ file, text: readFileSync(new URL(file, FOLDER), 'utf8') }));

const ALL = [...WRITTEN, ...GENERATED];

/** The problems of a file as a person reads them. With UPDATE_GOLDEN=1 the golden text becomes what is found now. */
function golden(source: PolicyTexts): { readonly found: string; readonly expected: string } {
  const found = renderProblems(validatePolicy(source, checkPolicyShape, partShapes).problems, source);
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
      ALL.flatMap((source) => validatePolicy(source, checkPolicyShape, partShapes).problems.map(({ code }) => code)),
    );
    expect(Object.keys(PROBLEM_CODES).filter((code) => !shown.has(code as keyof typeof PROBLEM_CODES))).toEqual([]);
  });

  it('never says one thing twice at one place, and points into the text', () => {
    for (const source of ALL) {
      const { problems } = validatePolicy(source, checkPolicyShape, partShapes);
      const texts = [source, ...(source.included ?? []).flatMap((one) => ('source' in one ? [one.source] : []))];
      const lines = Math.max(...texts.map(({ text }) => text.split('\n').length));
      expect(new Set(problems.map(({ at, message }) => `${placeText(at)} ${message}`)).size).toBe(problems.length);
      expect(problems.every(({ at }) => at.line <= lines && at.column >= 1 && at.length >= 1)).toBe(true);
    }
  });
});
