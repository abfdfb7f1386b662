import { describe, expect, test } from 'vitest';
import { editPolicy } from '../../../src/core/document/edit-policy.ts';
import { TextPlaces } from '../../../src/core/document/source-text.ts';
import type { PolicyEdit } from '../../../src/core/domain/policy/imported-policy.ts';

const file = 'policy.yaml';

/** Cuts what stands at each mark of a text; `grant` is the mark of the grant that contains it. */
function cut(text: string, marks: readonly (string | { readonly at: string; readonly grant: string })[]) {
  const places = new TextPlaces({ file, text });
  const placeOf = (mark: string) => places.at(text.indexOf(mark), text.indexOf(mark) + 1);
  const edits = marks.map(
    (mark): PolicyEdit =>
      typeof mark === 'string'
        ? { kind: 'cut', at: placeOf(mark), grant: null }
        : { kind: 'cut', at: placeOf(mark.at), grant: placeOf(mark.grant) },
  );
  const { source, undone, lines } = editPolicy({ file, text }, edits);
  return { text: source.text, undone: undone.length, lines: lines.flatMap((one) => one.lines) };
}

describe('an entry that is cut', () => {
  test('goes with its line and the comment behind it', () => {
    const { text, lines } = cut('groups:\n  qa:\n    - a@x # lead\n    # all\n    - b@x\n    - c@x', ['a@x', 'c@x']);
    expect(text).toBe('groups:\n  qa:\n    # all\n    - b@x\n');
    expect(lines).toEqual([
      { line: 3, old: ['    - a@x # lead'], next: [] },
      { line: 6, old: ['    - c@x'], next: [] },
    ]);
  });

  test('goes with its comma on a line of several', () => {
    expect(cut('qa: [a@x, b@x, c@x]\n', ['a@x']).text).toBe('qa: [b@x, c@x]\n');
    expect(cut('qa: [a@x, b@x, c@x]\n', ['c@x']).text).toBe('qa: [a@x, b@x]\n');
    expect(cut('qa: [a@x, b@x, c@x]\n', ['b@x', 'c@x']).text).toBe('qa: [a@x]\n');
    expect(cut('ends: { a@x: 2026-01-01, b@x: 2026-01-02 }\n', ['b@x']).text).toBe('ends: { a@x: 2026-01-01 }\n');
    expect(cut('ends: { a@x: 2026-01-01, b@x: 2026-01-02 }\n', ['a@x']).text).toBe('ends: { b@x: 2026-01-02 }\n');
  });

  test('leaves [] or {} behind if it was the last one', () => {
    expect(cut('qa: [a@x] # nobody\n', ['a@x']).text).toBe('qa: [] # nobody\n');
    expect(cut('qa:\r\n  - a@x\r\nb: 1\r\n', ['a@x']).text).toBe('qa: []\r\nb: 1\r\n');
    expect(cut('ends:\n  a@x: 2026-01-01\nb: 1\n', ['a@x']).text).toBe('ends: {}\nb: 1\n');
    expect(cut('ends: { a@x: 2026-01-01 }', ['a@x']).text).toBe('ends: {}');
  });

  test('takes a grant with it that would reach no one, and all of them in the end', () => {
    const text = 'grants:\n  - to: [a@x, b@x]\n    level: viewer\n  - { to: a@x, level: viewer }\n';
    const [first, second] = [
      { at: 'a@x, b', grant: 'to: [a' },
      { at: 'a@x, level', grant: '{ to' },
    ];
    expect(cut(text, [second]).text).toBe('grants:\n  - to: [a@x, b@x]\n    level: viewer\n');
    expect(cut(text, [first, second]).text).toBe('grants:\n  - to: [b@x]\n    level: viewer\n');
    expect(cut(text, [first, { at: 'b@x', grant: 'to: [a' }]).text).toBe('grants:\n  - { to: a@x, level: viewer }\n');
    expect(cut(text, [first, { at: 'b@x', grant: 'to: [a' }, second]).text).toBe('grants: []\n');
    const flow = 'grants: [{ to: [a@x], level: viewer }, { to: b@x, level: viewer }]\n';
    expect(cut(flow, [{ at: 'a@x', grant: '{ to: [' }]).text).toBe('grants: [{ to: b@x, level: viewer }]\n');
  });

  test('stays, and is said to stay, where the text gives no safe way', () => {
    for (const [text, marks] of [
      ['qa: [a@x, # lead\n]\n', ['a@x']],
      ['qa:\n  - - a@x\n    - b@x\n', ['a@x']],
      ['a@x: 1\n', ['a@x']],
      ['ends: { b@x: 2026-01-01 }\nqa: 1\n', ['qa']],
      ['ends: []\nqa: 1\n', ['qa']],
      ['lone: a@x\n', ['a@x']],
      ['ends: { b@x: 2026-01-01 }\nlone: a@x\n', [{ at: 'a@x', grant: 'lone' }]],
      ['- a@x\n', ['a@x']],
      ['ends:\n  ? a@x\n  : 2026-01-01\n  b@x: 2026-01-02\n', ['a@x']],
      ['ends:\n  ? a@x\n  : 2026-01-01\n', ['a@x']],
    ] as const) {
      const done = cut(text, marks);
      expect([done.text, done.undone], text).toEqual([text, 1]);
    }
  });
});

describe('ends that are written', () => {
  const set = (text: string) => {
    const edit: PolicyEdit = { kind: 'set-ends', ends: [{ email: 'a@x', until: '2026-12-31' }] };
    const { source, undone } = editPolicy({ file, text }, [edit]);
    return undone.length > 0 ? null : source.text;
  };

  test('go before `paused`, into the map that is there, or nowhere', () => {
    expect(set('b: 1\npaused: false\n')).toBe('b: 1\nends:\n  a@x: 2026-12-31\npaused: false\n');
    expect(set('ends: { # nobody\n}\npaused: false\n')).toBeNull();
    expect(set('{ b: 1, paused: false }\n')).toBeNull();
    expect(set('ends:\n  a@x: 2030-01-01 # long\npaused: false\n')).toBe(
      'ends:\n  a@x: 2026-12-31 # long\npaused: false\n',
    );
  });
});
