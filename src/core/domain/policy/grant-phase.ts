import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { Entitlement, Holder } from './entitlement.ts';

/** Where a grant stands for one holder at one moment. `never`: it would end before it begins. */
export type GrantPhase = 'running' | 'ahead' | 'ended' | 'never';

/** A phase with the date that decides it. */
export type DatedPhase =
  | { readonly phase: 'running' | 'never' }
  | { readonly phase: 'ahead'; readonly from: WrittenInstant }
  | { readonly phase: 'ended'; readonly until: WrittenInstant };

const RUNNING: DatedPhase = { phase: 'running' };
const NEVER: DatedPhase = { phase: 'never' };

/** A grant runs from `from` on, and up to but not including `until`. */
export function datedPhase(
  { from }: Pick<Entitlement, 'from'>,
  { until }: Pick<Holder, 'until'>,
  now: Instant,
): DatedPhase {
  if (from !== null && until !== null && until.at <= from.at) return NEVER;
  if (from !== null && now < from.at) return { phase: 'ahead', from };
  return until !== null && now >= until.at ? { phase: 'ended', until } : RUNNING;
}

export function grantPhase(
  entitlement: Pick<Entitlement, 'from'>,
  holder: Pick<Holder, 'until'>,
  now: Instant,
): GrantPhase {
  return datedPhase(entitlement, holder, now).phase;
}
