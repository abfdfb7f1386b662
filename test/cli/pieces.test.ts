import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Output } from '../../src/cli/process/io.ts';
import { joinedLines, writePieces } from '../../src/cli/process/write-pieces.ts';

test('pieces leave whole and in order, in texts that end with a line and have a bounded length', () => {
  const piece = fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 40_000, size: 'max' });
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const texts = [...joinedLines(pieces)];
      expect(texts.join('')).toBe(pieces.join(''));
      expect(texts.slice(0, -1).filter((text) => !text.endsWith('\n'))).toEqual([]);
      expect(texts.filter((text) => text === '')).toEqual([]);
    }),
    { numRuns: 50 },
  );
});

test('the next text waits until the reader took the last one, and nothing is made once the reader is gone', async () => {
  const steps: string[] = [];
  const closed = new AbortController();
  const output: Output = {
    write: (text) => steps.push(`write ${text.length}`),
    drained: async () => {
      steps.push('wait');
      if (steps.length > 3) closed.abort();
    },
    isTerminal: false,
    columns: null,
    closed: closed.signal,
  };
  let made = 0;
  function* lines() {
    for (; made < 1_000; made += 1) yield `${'a'.repeat(65_535)}\n`;
  }
  await writePieces(output, lines());
  expect(steps).toEqual(['write 65536', 'wait', 'write 65536', 'wait']);
  expect(made).toBe(2);
});
