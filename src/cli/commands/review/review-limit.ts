import { UsageError } from '../../line/errors.ts';

/** How many lines one text can hold safely: Node ends a text at half a gigabyte, and JSON takes over a kilobyte a line. */
const LINES_MOST: Readonly<Record<string, number>> = { csv: 800_000, markdown: 800_000, json: 200_000 };

/** Throws `UsageError` where a review has more lines than its format can hold. */
export function requireLines(format: string, lines: number): void {
  const most = LINES_MOST[format] ?? 0;
  if (lines <= most) return;
  const remedy =
    format === 'json'
      ? 'use --format csv, or ask for one resource: grantd who RESOURCE --format json'
      : 'ask for one resource: grantd who RESOURCE --format json';
  throw new UsageError(`the review has ${lines} lines, and ${format} holds ${most} at most`, remedy);
}
