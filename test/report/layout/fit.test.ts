import { styleText } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { commandLines, fitText, hangBelow } from '../../../src/report/layout/fit.ts';
import { coloursAfter, widthOf } from '../../../src/report/layout/width.ts';
import { holds } from '../../property/runs.ts';
import { expectFits, wordsOf } from './fits.ts';

const at = (columns: number) => ({ columns });

describe('fitting a text to a width', () => {
  test('wraps at words, and what continues hangs below its line', () => {
    const text = 'Account 3229, authoritative: 2 gain, 6 lose.\n  policy.yaml:3: a name that fits nothing at all [x]\n';
    expect(fitText(text, at(40))).toBe(
      [
        'Account 3229, authoritative: 2 gain, 6',
        '    lose.',
        '  policy.yaml:3: a name that fits',
        '      nothing at all [x]',
        '',
      ].join('\n'),
    );
    expect(fitText(text, {})).toBe(text);
    expect(fitText('one two three four five six seven eight nine', at(40), 0)).toBe(
      'one two three four five six seven eight\nnine',
    );
  });

  test('leaves a word that is too wide whole, alone on its line, and no further right than necessary', () => {
    const email = `${'a'.repeat(38)}@example.com`;
    expect(fitText(`  who ${email} has viewer`, at(40))).toBe(`  who\n${email}\n      has viewer`);
    const digest = `sha256:${'0'.repeat(64)}`;
    expect(fitText(`          ${digest}`, at(80))).toBe(`${' '.repeat(9)}${digest}`);
  });

  test('breaks aligned text between columns, and not within one that has room on its own line', () => {
    expect(fitText('    + inbox:Checkout/Load [test]          none → admin  applied', at(40))).toBe(
      '    + inbox:Checkout/Load [test]\n        none → admin  applied',
    );
  });

  test('keeps room for words, however deep the indent is', () => {
    expect(fitText(`${' '.repeat(30)}help: one two three four five`, at(40))).toBe(
      `${' '.repeat(13)}help: one two three four\n${' '.repeat(14)}five`,
    );
  });

  test('breaks at no space that a mark combines with, and within no character', () => {
    const family = '👨‍👩‍👧‍👦';
    const text = `${'日本語'.repeat(6)} ${family.repeat(3)} a \u0301b ${'x'.repeat(30)}`;
    const lines = fitText(text, at(40)).split('\n');
    expect(lines.map((line) => line.trim())).toEqual([
      '日本語'.repeat(6),
      `${family.repeat(3)} a \u0301b`,
      'x'.repeat(30),
    ]);
    expect(widthOf('日本 é')).toBe(6);
  });

  test('closes colours at the end of each line, and opens them again', () => {
    const paint = (format: Parameters<typeof styleText>[0], text: string) =>
      styleText(format, text, { validateStream: false });
    const long = 'one two three four five six seven eight nine ten eleven';
    const red = fitText(`  ${paint(['red', 'bold'], long)} ${paint('dim', 'end')}`, at(40)).split('\n');
    expect(red.map(coloursAfter)).toEqual(red.map(() => ''));
    expect(red[1]).toContain('\u001b[31m');
    expect(red[1]).toContain('\u001b[1m');
    expect(widthOf(paint('green', 'é'))).toBe(1);
    expect(coloursAfter(`${paint('bold', 'a')}\u001b[2m\u001b[31m\u001b[0m`)).toBe('');
  });

  test('whatever the words and spaces are, no line is wider than it must be, and no word is lost', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'é', '日', '👩‍💻', '-', ':'), minLength: 1, maxLength: 60 });
    const gap = fc.constantFrom(' ', ' ', ' ', '  ', '     ');
    const line = fc.tuple(fc.nat(20), fc.array(fc.tuple(word, gap), { minLength: 1, maxLength: 12 })).map(
      ([indent, parts]) =>
        ' '.repeat(indent) +
        parts
          .map(([one, space]) => one + space)
          .join('')
          .trimEnd(),
    );
    holds(fc.tuple(fc.array(line, { maxLength: 4 }), fc.integer({ min: 40, max: 120 })), ([lines, columns]) => {
      const text = lines.join('\n');
      const fitted = fitText(text, at(columns));
      expectFits(fitted, columns);
      expect(wordsOf(fitted)).toEqual(wordsOf(text));
      expect(fitText(fitted, at(columns))).toBe(fitted);
    });
  });
});

test('a text hangs below its beginning where there is room, else as any other', () => {
  expect(hangBelow('  ok  ', 'one two three four five six seven eight', at(40))).toEqual([
    '  ok  one two three four five six seven',
    '      eight',
  ]);
  expect(hangBelow(`  ok  ${' '.repeat(14)}`, 'one two three four five six', at(40))).toEqual([
    '  ok  one two three four five six',
  ]);
  expect(hangBelow('  ok  ', 'one', {})).toEqual(['  ok  one']);
});

describe('a command to copy', () => {
  const digest = `sha256:${'0'.repeat(64)}`;

  test('continues with a backslash, so that a shell reads one line', () => {
    expect(commandLines('    to approve it: ', `grantd apply 'my team.yaml' --approve ${digest}`, at(80))).toEqual([
      '    to approve it:',
      "        grantd apply 'my team.yaml' --approve \\",
      `        ${digest}`,
    ]);
    expect(commandLines('  ', 'curl -s http://127.0.0.1:1234/_sim/rows -d x', at(40))).toEqual([
      '  curl -s \\',
      '  http://127.0.0.1:1234/_sim/rows -d x',
    ]);
  });

  test('stays on one line where it fits, and without a width', () => {
    expect(commandLines('Next: ', 'grantd plan', at(40))).toEqual(['Next: grantd plan']);
    expect(commandLines('Next: ', `grantd ${digest}`, {})).toEqual([`Next: grantd ${digest}`]);
  });

  test('keeps a quoted word in one piece', () => {
    const words = "grantd plan 'it'\\''s a long name.yaml' --out 'a b'";
    const lines = commandLines('', words, at(40));
    expect(lines).toEqual(["grantd plan 'it'\\''s a long name.yaml' \\", "--out 'a b'"]);
  });
});
