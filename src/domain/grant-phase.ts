import type { Instant } from './instant.ts';
import type { Holder, Wish } from './wish.ts';

/** Where a grant stands for one holder at one moment. `never`: it would end before it begins. */
export type GrantPhase = 'running' | 'ahead' | 'ended' | 'never';

/** A grant runs from `from` on, and up to but not including `until`. */
export function grantPhase({ from }: Pick<Wish, 'from'>, { until }: Pick<Holder, 'until'>, now: Instant): GrantPhase {
  if (from !== null && until !== null && until.at <= from.at) return 'never';
  if (from !== null && now < from.at) return 'ahead';
  return until !== null && now >= until.at ? 'ended' : 'running';
}
