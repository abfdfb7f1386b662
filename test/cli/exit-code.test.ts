import { expect, test } from 'vitest';
import { EXIT, worstOf } from '../../src/cli/line/exit-code.ts';

test('of several exit codes the first of 4, 1, 3, 2, 0 wins', () => {
  expect(worstOf(0, 2, 3, 1, 4)).toBe(EXIT.invalid);
  expect(worstOf(0, 2, 3, 1)).toBe(EXIT.failed);
  expect(worstOf(0, 2, 3)).toBe(EXIT.waiting);
  expect(worstOf(0, 2)).toBe(EXIT.pending);
  expect(worstOf(0)).toBe(EXIT.done);
  expect(worstOf()).toBe(EXIT.done);
});
