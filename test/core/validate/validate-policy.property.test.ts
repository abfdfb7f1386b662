import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { problemsToJson } from '../../../src/report/problems/json.ts';
import { renderProblems } from '../../../src/report/problems/text.ts';
import { RUNS, SEED } from '../../property/runs.ts';
import { codesOf, policyText, validate } from './policy-text.ts';

const EXAMPLE = readFileSync(new URL('../../../config/policy.example.yaml', import.meta.url), 'utf8');

/** Pieces of YAML and of the language, from which nonsense that looks like a policy is made. */
const PIECES = [
  ...[
    '\n',
    '\n  ',
    '\n    - ',
    ' ',
    '\t',
    '\r\n',
    '- ',
    ': ',
    ':',
    ' #',
    '#',
    ',',
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '|',
    '>',
    '&a ',
    '*a',
    '!x ',
    '? ',
    '---\n',
    '...\n',
    '%YAML 1.1\n',
    '<<: ',
    '\\',
    '*',
    '\u0000',
    '\ufeff',
    '\u202e',
  ],
  ...[
    'version: 1\n',
    'account: 1\n',
    'mode: observe\n',
    'unlisted: revoke\n',
    'unlisted: { revoke: [',
    'protected: []\n',
    'groups:\n',
    'qa: [ann@example.com]',
    'grants:\n',
    'to: ',
    'group:qa',
    'token:ci',
    'resource: ',
    'project:A',
    'inbox:A/B',
    'account',
    'level: admin\n',
    'except: ',
    'until: ',
    '2026-02-30',
    'never:\n',
    'who: ',
    'tests:\n',
    'paused: false\n',
    '__proto__: ',
    '9007199254740993',
    '~',
    '.nan',
    '0x1',
    '🚀',
  ],
];

const NONSENSE = fc.array(fc.constantFrom(...PIECES), { maxLength: 60 }).map((pieces) => pieces.join(''));

/** The example policy with some stretches cut out, doubled, or replaced by a piece. */
const MUTATED = fc
  .array(
    fc.record({
      at: fc.nat(EXAMPLE.length),
      length: fc.nat(40),
      put: fc.oneof(fc.constantFrom(...PIECES), fc.constant('')),
    }),
    { minLength: 1, maxLength: 5 },
  )
  .map((cuts) =>
    cuts.reduce((text, { at, length, put }) => text.slice(0, at) + put + text.slice(at + length), EXAMPLE),
  );

/** A policy whose sections hold any JSON value at all. */
const ANY_VALUES = fc
  .dictionary(
    fc.constantFrom('groups', 'ends', 'tokens', 'roles', 'grants', 'tests', 'never', 'ignore', 'manage', 'approvals'),
    fc.jsonValue({ maxDepth: 4 }),
  )
  .map((sections) =>
    policyText(
      Object.entries(sections)
        .map(([key, value]) => `${key}: ${JSON.stringify(value)}`)
        .join('\n'),
    ),
  );

const TEXTS = fc.oneof(
  fc.string({ maxLength: 300 }),
  fc.string({ unit: 'binary', maxLength: 300 }),
  NONSENSE,
  MUTATED,
  ANY_VALUES,
);

describe(`any text whatever (seed ${SEED})`, () => {
  it('is answered: a policy, or at least one error, each inside the text', () => {
    fc.assert(
      fc.property(TEXTS, (text) => {
        const checked = validate(text);
        const errors = checked.problems.filter(({ severity }) => severity === 'error');
        expect(checked.ok).toBe(errors.length === 0);
        const lines = text.split('\n').length;
        for (const { at } of checked.problems) {
          expect(at.line).toBeGreaterThanOrEqual(1);
          expect(at.line).toBeLessThanOrEqual(lines);
          expect(Math.min(at.column, at.length)).toBeGreaterThanOrEqual(1);
        }
        expect(codesOf(validate(text).problems)).toEqual(codesOf(checked.problems));
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('is rendered without a control character but the line feed', () => {
    fc.assert(
      fc.property(TEXTS, (text) => {
        const source = { file: 'policy.yaml', text };
        const { problems } = validate(text);
        expect(renderProblems(problems, source, PLAIN)).not.toMatch(/[^\P{Cc}\n]/u);
        expect(() => JSON.stringify(problemsToJson('policy.yaml', problems))).not.toThrow();
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });

  it('that is cut off anywhere before its last line is invalid', () => {
    const lastLine = EXAMPLE.lastIndexOf('paused:');
    fc.assert(
      fc.property(fc.nat(lastLine + 'paused: fals'.length), (end) => {
        expect(validate(EXAMPLE.slice(0, end)).ok).toBe(false);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  });
});
