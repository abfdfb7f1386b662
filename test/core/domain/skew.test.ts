import { expect, test } from 'vitest';
import { isSkewed } from '../../../src/core/domain/text/instant.ts';

const FIVE_MINUTES_MS = 300_000;

test.each([
  [null, false],
  [0, false],
  [FIVE_MINUTES_MS, false],
  [-FIVE_MINUTES_MS, false],
  [FIVE_MINUTES_MS + 1, true],
  [-FIVE_MINUTES_MS - 1, true],
])('a clock that is %s ms ahead is skewed: %s', (aheadMs, expected) => {
  expect(isSkewed(aheadMs)).toBe(expected);
});
