import { describe, expect, it } from 'vitest';
import { MAX_DEPTH } from '../../../src/core/document/inspect-tokens.ts';
import { parseDocument } from '../../../src/core/document/parse-document.ts';
import { MAX_TOKENS, MAX_WORDS } from '../../../src/core/document/read-tokens.ts';
import { MAX_PROBLEMS } from '../../../src/core/domain/text/found-problems.ts';
import { data, found, parse } from './parse.ts';

const MIB = 1_048_576;

/** A sixteenth of what is accepted, so that the suite stays quick; all of it in the long proof. */
const LONG = process.env['FAST_CHECK_RUNS'] === undefined ? MIB / 16 : MIB;

describe('parseDocument', () => {
  it('reads plain data of YAML 1.2', () => {
    expect(data('a: [1, -2.5, true, null, ~, no, yes, 0o]\nb: {c: "d", e: \'f\'}\ng: |\n  h\n')).toEqual({
      a: [1, -2.5, true, null, null, 'no', 'yes', '0o'],
      b: { c: 'd', e: 'f' },
      g: 'h\n',
    });
  });

  it.each([
    ['%YAML 1.2\n---\na: 1\n', []],
    ['%YAML 1.2  \n---\na: 1\n', []],
    ['---\na: 1\n...\n', []],
    ['\uFEFFa: 1\r\nb: 2\r\n', []],
    ['%YAML 1.1\n---\na: NO\n', ['yaml-directive 1:1+9']],
    ['%TAG ! tag:x,2000:\n---\na: 1\n', ['yaml-directive 1:1+18']],
    ['a: 1\n---\nb: 2\n', ['several-documents 2:1+3']],
    ['a: 1\n...\nb: 2\n', ['several-documents 3:1+2']],
    ['a: !!str 42\n', ['yaml-tag 1:4+5']],
    ['!t\na: 1\n', ['yaml-tag 1:1+2']],
    ['a: !<x\n', ['yaml-tag 1:4+3']],
    ['a: &x 1\nb: *x\n', ['yaml-alias 1:4+2', 'yaml-alias 2:4+2']],
    ['a: *x\n', ['star-is-alias 1:4+2']],
    ['a: & b\n', ['yaml-alias 1:4+1']],
    ['*a : 1\n', ['star-is-alias 1:1+2']],
    ['<<: *x\nb: 1\n', ['merge-key 1:1+2']],
    ['"<<": 1\n', []],
    ['a: 1\nb: 2\na: 3\n', ['duplicate-key 3:1+1']],
    ['1: a\n"1": b\n', ['duplicate-key 2:1+3']],
    ['010: a\n10: b\n', ['ambiguous-number 1:1+3']],
    ['? [a]\n: 1\n', ['yaml-syntax 1:3+3']],
    [': 1\n', ['yaml-syntax 1:1+3']],
    ['? a\n  b\n: 1\n', ['yaml-syntax 1:3+1']],
    ['? |\n  a\n: 1\n', []],
    ['a: 007\n', ['ambiguous-number 1:4+3']],
    ['a: .nan\n', ['ambiguous-number 1:4+4']],
    ['a: 9007199254740992\n', ['unsafe-integer 1:4+16']],
    ['a: -9007199254740992\n', ['unsafe-integer 1:4+17']],
    ['a: 9007199254740991\n', []],
    ['', ['empty-file 1:1+1']],
    ['---\n', ['empty-file 1:1+1']],
    ['# a\n', ['empty-file 1:1+1']],
    ['%FOO\n', ['yaml-directive 1:1+4', 'yaml-syntax 2:1+1']],
    ['a\0b', ['binary-file 1:2+1']],
    ['a: \ufffd\n', ['not-utf8 1:4+1']],
    ['a: \ud800\n', ['control-character 1:4+1']],
    ['a: 1\rb: 2', ['control-character 1:5+1']],
    ['a:\u00a01\n', ['control-character 1:3+1']],
    ['- "a":\u202f1\n', ['control-character 1:7+1']],
    ['a: 1\n\u00a0b: 2\n', ['control-character 2:1+1']],
    ['a:\n  - b\n  - \u3000c\n', ['control-character 3:5+1']],
    ['a:\n  -\u00a0b\n', ['control-character 2:4+1']],
    ['a: b\u00a0c # d:\u00a0\n', []],
  ])('%j: %j', (text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('keeps __proto__ a key like any other', () => {
    const read = data('__proto__: {polluted: 1}\nconstructor: 2\n') as Record<string, unknown>;
    expect(Object.keys(read)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('reads a text of exactly 1 MiB and none that is larger', () => {
    const text = `a: 1\n#${'x'.repeat(MIB - 6)}`;
    expect(found(text)).toEqual([]);
    expect(found(`${text}x`)).toEqual(['file-too-large 1:1+1']);
    expect(found(`${text.slice(0, -1)}é`)).toEqual(['file-too-large 1:1+1']);
    expect(found(`${text.slice(0, -3)}日`)).toEqual([]);
    expect(found(`${text.slice(0, -4)}🚀`)).toEqual([]);
  });

  it('reads as deep as it says, and not deeper', () => {
    const nested = (depth: number) => `${'['.repeat(depth)}1${']'.repeat(depth)}`;
    expect(found(nested(MAX_DEPTH))).toEqual([]);
    expect(found(nested(MAX_DEPTH + 1))).toEqual([`too-deep 1:${MAX_DEPTH + 1}+1`]);
    expect(found('? '.repeat(100))).toEqual([expect.stringMatching(/^too-deep/)]);
    expect(found('{a: '.repeat(100))).toEqual([expect.stringMatching(/^too-deep/)]);
    expect(found(`${'- '.repeat(MAX_DEPTH)}- &a\n`)).toEqual([expect.stringMatching(/^too-deep/)]);
  });

  it.each(['- ', '? ', '- ? ', '[', '{a: '])('does not close twenty thousand %j one inside the other', (piece) => {
    expect(found(`a:\n ${piece.repeat(20_000)}\nb: 1\n`)).toEqual([expect.stringMatching(/^too-deep/)]);
  });

  it('shows at most ten of one kind of bad character', () => {
    expect(found('\u0001'.repeat(50))).toHaveLength(10);
  });

  it('points at the key where a value is empty, and remembers the comment behind it', () => {
    const { root } = parse('a: #x\nb: y #z\n');
    if (root?.kind !== 'map') throw new Error('a map');
    expect(root.entries.map(({ value }) => [value.at.column, value.kind === 'scalar' && value.comment?.text])).toEqual([
      [1, '#x'],
      [4, '#z'],
    ]);
  });

  it.each(
    [
      [
        '[',
        '{',
        ']',
        '}',
        '[{',
        '[{a: ',
        '- ',
        '-\n',
        '? ',
        ': ',
        '"\n',
        '"a" ',
        "' ",
        '*a ',
        '&a ',
        '!a ',
        '#\n',
        '\n',
        ' ',
        '\t',
        '\r\n',
      ],
      [
        '---\n',
        '...\n',
        '%YAML 1.2\n',
        '|\n',
        'a: |\n b\n',
        'a:\n',
        'a: b: c\n',
        'a: "b\n',
        '@\n',
        '}\n',
        '"\\x',
        'a,',
        '*a: ',
        '<<: 1\n',
        '? a\n',
        '\\',
      ],
    ].flat(),
  )('answers a long text of nothing but %j', (piece) => {
    const text = piece.repeat(Math.floor(LONG / piece.length));
    expect(parseDocument({ file: 'a.yaml', text }).problems.kept.length).toBeLessThan(LONG);
  });

  it('answers fifty thousand different keys', () => {
    const text = Array.from({ length: 50_000 }, (_, index) => `k${index}: 1\n`).join('');
    expect(found(text)).toEqual([]);
  });

  it('reads as many words and marks as it says, and not more', () => {
    const list = (count: number) => `[${'1,'.repeat(count)}]`;
    expect(found(list(MAX_WORDS / 2 - 1))).toEqual([]);
    expect(found(list(MAX_WORDS / 2))).toEqual([`too-many-values 1:${MAX_WORDS + 1}+1`]);
    expect(found(`${list(MAX_WORDS / 2)}\n@`)).toHaveLength(1);
    const aside = (count: number) => `a: 1\n${'\n'.repeat(count)}`;
    expect(found(aside(MAX_TOKENS - 10))).toEqual([]);
    expect(found(aside(MAX_TOKENS))).toEqual([expect.stringMatching(/^too-many-values /)]);
  });

  it.each(['-5', '"-"', "',,,'", '"', ','])('counts a text once, whatever it begins with: %j', (piece) => {
    const text = `[${`${JSON.stringify(piece)}, `.repeat(MAX_WORDS / 2 - 1)}]`;
    expect(found(text)).toEqual([]);
    expect(found(text.replaceAll('"-5"', '-5'))).toEqual([]);
  });

  it.each(['%A\n', '&a ', '!a ', '<<: 1\n'])('composes no text with very many %j', (piece) => {
    const { root, problems } = parse(piece.repeat(45_000));
    expect(root).toBeNull();
    expect(problems.report()).toHaveLength(MAX_PROBLEMS + 1);
  });

  it('reads no further than the second document', () => {
    expect(found('a: 1\n---\nb: 2\n---\n@\n')).toEqual(['several-documents 2:1+3']);
  });
});
