import { expect, test } from 'vitest';
import { requireLines } from '../../src/cli/commands/review/run.ts';
import { UsageError } from '../../src/cli/line/errors.ts';

test.each([
  ['csv', 800_000],
  ['markdown', 800_000],
  ['json', 200_000],
])('a review of more lines than %s allows is refused, with what to do', (format, most) => {
  expect(() => requireLines(format, most)).not.toThrow();
  expect(() => requireLines(format, most + 1)).toThrow(UsageError);
  expect(() => requireLines(format, most + 1)).toThrow(
    `the review has ${most + 1} lines, and ${format} allows ${most}`,
  );
});
