import { LEVEL } from '../domain/account/access-level.ts';
import type { AccessRow } from '../domain/account/actual-state.ts';
import type { OpenCanary } from '../domain/account/put-memory.ts';
import { resourceKey } from '../domain/account/resource.ts';

/** What a read says of a PUT that left rows unnamed. */
export type CanaryVerdict =
  /** The read does not show the change of the PUT. `isUntouched`: it shows every unnamed row. */
  | { readonly kind: 'unseen'; readonly isUntouched: boolean }
  /** Every unnamed row is there. */
  | { readonly kind: 'stayed' }
  /** None is. */
  | { readonly kind: 'all-gone' }
  /** Someone else took some of them. */
  | { readonly kind: 'some-gone' };

/** Judges a PUT by the rows that its access has after it. A read proves only once it shows the PUT's own change. */
export function judgeCanary(
  { written, unnamed }: Pick<OpenCanary, 'written' | 'unnamed'>,
  rows: readonly AccessRow[],
): CanaryVerdict {
  const levels = new Map(rows.map((row) => [resourceKey(row), row.level]));
  const left = unnamed.filter((row) => levels.has(resourceKey(row))).length;
  const isShown = written.every((row) => (levels.get(resourceKey(row)) ?? LEVEL.none) === row.level);
  if (!isShown) return { kind: 'unseen', isUntouched: left === unnamed.length };
  if (left === unnamed.length) return { kind: 'stayed' };
  return { kind: left === 0 ? 'all-gone' : 'some-gone' };
}
