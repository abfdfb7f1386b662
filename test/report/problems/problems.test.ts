import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { errorAt, type Problem, warningAt } from '../../../src/core/domain/text/problem.ts';
import { PLAIN } from '../../../src/report/layout/paint.ts';
import { problemsToJson } from '../../../src/report/problems/json.ts';
import { renderProblems } from '../../../src/report/problems/text.ts';
import { buildRef } from '../../support/policy-builder.ts';

const at = (line: number, column: number, length: number, file = 'p.yaml') => ({ file, line, column, length });
const problem = (place: Problem['at']) => errorAt(place, 'bad-value', 'message', 'remedy');
const render = (text: string, ...problems: readonly Problem[]) => renderProblems(problems, { file: 'p.yaml', text });

describe('renderProblems', () => {
  it('is empty without problems', () => {
    expect(render('a: 1\n')).toBe('');
  });

  it('shows place, line, caret and remedy, aligned to the widest line number, and counts', () => {
    const text = `${'x: 1\n'.repeat(9)}key: value\n`;
    expect(render(text, problem(at(9, 1, 1)), warningAt(at(10, 6, 5), 'looks-like-id', 'careful', 'do that'))).toBe(
      [
        'p.yaml:9:1: error[bad-value]: message',
        ' 9 | x: 1',
        '   | ^',
        '   = help: remedy',
        '',
        'p.yaml:10:6: warning[looks-like-id]: careful',
        '10 | key: value',
        '   |      ^^^^^',
        '   = help: do that',
        '',
        '1 error, 1 warning',
        '',
      ].join('\n'),
    );
  });

  it('shows no excerpt of another file, or of a line that is not there', () => {
    const shown = render('a: 1\n', problem(at(1, 1, 1, 'other.yaml')), problem(at(7, 1, 1)));
    expect(shown).toBe(
      'other.yaml:1:1: error[bad-value]: message\n  = help: remedy\n\np.yaml:7:1: error[bad-value]: message\n  = help: remedy\n\n2 errors, 0 warnings\n',
    );
  });

  it('cuts a long line around the caret, and the underline with it', () => {
    const lines = render(`${'a'.repeat(200)}BAD${'b'.repeat(200)}\n`, problem(at(1, 201, 3))).split('\n');
    expect(lines[1]).toBe(`1 | …${'a'.repeat(60)}BAD${'b'.repeat(37)}…`);
    expect(lines[2]).toBe(`  | ${' '.repeat(61)}^^^`);
    expect(render('a'.repeat(300), problem(at(1, 1, 300))).split('\n')[2]).toBe(`  | ${'^'.repeat(100)}`);
  });

  it('cuts no character in two', () => {
    for (const pad of ['', 'x']) {
      const shown = render(`${'🚀'.repeat(100)}${pad}BAD${'🚀'.repeat(100)}`, problem(at(1, 201 + pad.length, 3)));
      expect(shown).not.toMatch(/\p{Cs}/u);
    }
  });

  it('places the caret below wide, joined and combining characters', () => {
    const underline = (line: string, column: number, length: number) =>
      render(line, problem(at(1, column, length))).split('\n')[2];
    expect(underline('日本 x', 4, 1)).toBe(`  | ${' '.repeat(5)}^`);
    expect(underline('🚀 x', 4, 1)).toBe(`  | ${' '.repeat(3)}^`);
    expect(underline('e\u0301 x', 4, 1)).toBe('  |   ^');
    expect(underline('𠀀x', 3, 1)).toBe('  |   ^');
  });

  it('shows tabs, and makes terminal escapes harmless everywhere', () => {
    const evil = '\u001b[2J';
    const shown = renderProblems([errorAt(at(1, 2, 1, `${evil}.yaml`), 'bad-value', `m ${evil}`, `r ${evil}`)], {
      file: `${evil}.yaml`,
      text: `\ta${evil}\u202e`,
    });
    expect(shown).not.toMatch(/[^\P{Cc}\n]|\u202e/u);
    expect(shown).toContain('1 | →   a\\u{1b}[2J\\u{202e}');
    expect(shown).toContain('  |     ^');
  });

  it('leaves out a byte order mark and the CR of CRLF', () => {
    expect(render('\uFEFFab\r\ncd\r\n', problem(at(1, 1, 2))).split('\n')[1]).toBe('1 | ab');
  });

  it('colours by role', () => {
    const paint = { ...PLAIN, fail: (text: string) => `<${text}>`, warn: (text: string) => `(${text})` };
    const shown = renderProblems(
      [problem(at(1, 1, 1)), warningAt(at(1, 1, 1), 'unused-group', 'm', 'r')],
      { file: 'p.yaml', text: 'a' },
      paint,
    );
    expect(shown).toContain('<error[bad-value]>');
    expect(shown).toContain('(warning[unused-group])');
    expect(shown).toContain('| <^>');
  });
});

describe('problemsToJson', () => {
  const schema = JSON.parse(readFileSync(new URL('../../../schemas/problems.v1.schema.json', import.meta.url), 'utf8'));
  const isValid = new Ajv({ strict: true }).compile(schema);

  it('lays every problem out flat, as the schema says', () => {
    const found = problemsToJson('p.yaml', [problem(at(1, 2, 3))]);
    expect(found).toEqual({
      version: 1,
      file: 'p.yaml',
      valid: false,
      problems: [
        {
          code: 'bad-value',
          severity: 'error',
          message: 'message',
          remedy: 'remedy',
          file: 'p.yaml',
          line: 1,
          column: 2,
          length: 3,
        },
      ],
      tests: [],
      never: [],
      notices: [],
    });
    expect(isValid(found)).toBe(true);
  });

  it('says how each test of the policy ended, and the moment that it judges', () => {
    const resource = buildRef('project:Web', at(9, 1, 1));
    const now = {
      who: { email: 'a@x.test' },
      resource,
      expect: 'none',
      moment: null,
      team: null,
      at: at(9, 3, 1),
    } as const;
    const later = { ...now, who: { token: 'ci' }, moment: { at: 0, text: '2027-01-15' } };
    const found = problemsToJson(
      'p.yaml',
      [],
      [
        { test: now, verdict: 'passed', reason: null },
        { test: later, verdict: 'undecided', reason: 'needs a snapshot' },
      ],
    );
    expect(
      found.tests.map(({ verdict, who, at: moment, reason, line }) => [verdict, who, moment, reason, line]),
    ).toEqual([
      ['passed', 'a@x.test', null, null, 9],
      ['undecided', 'token:ci', '2027-01-15', 'needs a snapshot', 9],
    ]);
    expect(isValid(found)).toBe(true);
  });

  it('says how each invariant ended', () => {
    const resource = buildRef('project:Web', at(9, 1, 1));
    const who = { kind: 'group', group: 'qa' } as const;
    const rule = { who, whoText: 'group:qa', resource, level: 'admin', at: at(9, 3, 1) } as const;
    const found = problemsToJson('p.yaml', [], [], [{ rule, verdict: 'failed', reason: 'p.yaml:12:5 gives it' }]);
    expect(found.never).toEqual([
      {
        verdict: 'failed',
        who: 'group:qa',
        resource: 'project:Web',
        level: 'admin',
        reason: 'p.yaml:12:5 gives it',
        file: 'p.yaml',
        line: 9,
      },
    ]);
    expect(isValid(found)).toBe(true);
  });

  it('calls a file with warnings only valid', () => {
    const found = problemsToJson('p.yaml', [warningAt(at(1, 1, 1), 'unused-group', 'm', 'r')]);
    expect(found.valid).toBe(true);
    expect(isValid(found)).toBe(true);
    expect(isValid(problemsToJson('p.yaml', []))).toBe(true);
  });
});
