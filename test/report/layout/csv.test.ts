import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { csvLine } from '../../../src/report/layout/csv.ts';
import { holds, SEED } from '../../property/runs.ts';
import { skippedFor } from '../../support/skipped-for.ts';

/** What whoever reads the file by a program does with a field: take off one leading mark, and read what was escaped. */
function unmarked(field: string): string {
  return (field.startsWith("'") ? field.slice(1) : field).replaceAll('\\u{3b}', ';');
}

/** Reads as Python does, which knows nothing of us; null where there is no Python. */
function readByPython(csv: string, delimiter = ','): readonly (readonly string[])[] | null {
  try {
    const how = `delimiter="${delimiter}", strict=${delimiter === ',' ? 'True' : 'False'}`;
    const script = `import csv,io,json,sys; print(json.dumps(list(csv.reader(io.StringIO(sys.stdin.buffer.read().decode(), newline=""), ${how}))))`;
    return JSON.parse(
      execFileSync('python3', ['-c', script], { input: csv, stdio: ['pipe', 'pipe', 'ignore'] }).toString(),
    );
  } catch {
    return null;
  }
}

const hasPython = readByPython('a\r\n') !== null;

/** Characters that decide anything here come up often. */
const field = fc.string({
  unit: fc.constantFrom(...'=+-@\t\r\n"\',; aé＝＋－＠0'),
  maxLength: 8,
});

describe('a line of CSV', () => {
  test('quotes what RFC 4180 says, and ends with CR LF', () => {
    expect(csvLine(['a', '', 'b c', 'd,e', 'f"g', 'h\ni', ' j', 'k '])).toBe(
      'a,,b c,"d,e","f""g","h\ni"," j","k "\r\n',
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠x', "'=1"])(
    'marks %j, which a spreadsheet would carry out',
    (text) => {
      expect(
        csvLine([text])
          .replace(/^"/, '')
          .startsWith(`'${text.slice(0, 1)}`),
      ).toBe(true);
    },
  );

  test.each(['a=1', 'ann@example.com', '1-2', '', ' =1'])('leaves %j as it is', (text) => {
    expect(csvLine([text])).not.toContain("'");
  });

  test.each([
    ['project:x;=cmd', 'project:x\\u{3b}=cmd'],
    ['x; +1', 'x\\u{3b} +1'],
    ['x;"@SUM(A1)', '"x\\u{3b}""@SUM(A1)"'],
    ['x;;-1', 'x;\\u{3b}-1'],
    ['x;＝1', 'x\\u{3b}＝1'],
    ['a; b=1', 'a; b=1'],
  ])('shows %j as %s, so that it is no formula where the semicolon separates (case I21)', (text, shown) => {
    expect(csvLine(['1', text])).toBe(`1,${shown}\r\n`);
  });

  test(
    'no cell begins as a formula where the semicolon separates (skipped where there is no python3)',
    skippedFor(hasPython ? null : 'there is no python3'),
    () => {
      // Reports show a line break in a name as `\\u{a}`, so no field has one.
      const shownField = field.map((text) => text.replace(/[\t\r\n]/g, ';'));
      const lines = fc.sample(fc.array(shownField, { minLength: 1, maxLength: 5 }), { numRuns: 2000, seed: SEED });
      const cells = readByPython(lines.map(csvLine).join(''), ';')?.flat() ?? [];
      expect(cells.length).toBeGreaterThan(2000);
      expect(cells.filter((cell) => /^[=+\-@＝＋－＠]/u.test(cell))).toEqual([]);
    },
  );

  test('no field begins as a formula, whatever it holds', () => {
    holds(field, (text) => {
      const shown = csvLine([text]).replace(/^"/, '');
      expect(shown).not.toMatch(/^[=+\-@\t＝＋－＠]/u);
    });
  });

  test(
    'another reader finds the same fields (skipped where there is no python3)',
    skippedFor(hasPython ? null : 'there is no python3'),
    () => {
      const line = fc.array(field, { minLength: 2, maxLength: 5 });
      const lines = fc.sample(fc.array(line, { minLength: 1, maxLength: 5 }), { numRuns: 40, seed: SEED }).flat();
      const read = readByPython(lines.map(csvLine).join(''));
      expect(read?.map((fields) => fields.map(unmarked))).toEqual(lines);
    },
  );
});
