import type { GrantLevel } from '../account/access-level.ts';
import type { PrincipalName } from '../account/principal.ts';
import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';

/** What begins or ends at one moment by one line of the policy, for everyone for whom it changes the same. */
export interface AheadDate {
  readonly kind: 'begins' | 'ends';
  readonly at: WrittenInstant;
  /** The grant; or the `ends` of someone whom no grant names. */
  readonly line: Place;
  /** Sorted by name. */
  readonly who: readonly PrincipalName[];
  /** What they gain or lose by it, as the policy writes it. Empty for an `ends` alone, which takes everything. */
  readonly what: readonly { readonly resource: string; readonly level: GrantLevel }[];
}

/** Dates within 24 hours that together exceed a limit, as things are now. A guard will then hold changes. */
export interface AheadRefusal {
  readonly rule: 'revoke-limit' | 'gain-limit' | 'admin-limit';
  /** The first and the last of these dates. */
  readonly from: Instant;
  readonly to: Instant;
  readonly message: string;
}

/** What begins and ends in the next `LOOK_AHEAD_MS`, and which of it will exceed a limit. */
export interface Ahead {
  /** The soonest first. */
  readonly dates: readonly AheadDate[];
  readonly refusals: readonly AheadRefusal[];
}
