import { expect, test } from 'vitest';
import { CLOCK_SKEW_MOST_MS, isSkewed } from '../../src/domain/instant.ts';

test.each([
  [null, false],
  [0, false],
  [CLOCK_SKEW_MOST_MS, false],
  [-CLOCK_SKEW_MOST_MS, false],
  [CLOCK_SKEW_MOST_MS + 1, true],
  [-CLOCK_SKEW_MOST_MS - 1, true],
])('a clock that is %s ms ahead is skewed: %s', (aheadMs, expected) => {
  expect(isSkewed(aheadMs)).toBe(expected);
});
