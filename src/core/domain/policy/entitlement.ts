import type { GrantLevel } from '../account/access-level.ts';
import type { PrincipalName } from '../account/principal.ts';
import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';
import type { Policy } from './policy.ts';
import type { ResourceRef } from './resource-ref.ts';

/** One step of why: a named group or role, and where it is declared. */
export interface NamedPlace {
  readonly name: string;
  readonly at: Place;
}

/** One principal whom a grant reaches, by the shortest way; `otherPaths` counts the further ways to the same principal. */
export interface GrantMember {
  readonly name: PrincipalName;
  readonly groups: readonly NamedPlace[];
  readonly otherPaths: number;
  /** When the grant ends for this holder: the earlier of its own `until` and the person's `ends`. */
  readonly until: WrittenInstant | null;
  /** Where the person's `ends` stands, if that is what ends it. */
  readonly endedBy: Place | null;
}

/** One thing that a grant gives: still in names, which only the account can bind. */
export interface EntitledResource {
  readonly resource: ResourceRef;
  readonly level: GrantLevel;
  readonly role: NamedPlace | null;
}

/** One entry of `grants` with its groups and roles expanded. */
export interface Entitlement {
  readonly grant: Place;
  readonly reason: string | null;
  readonly from: WrittenInstant | null;
  readonly holders: readonly GrantMember[];
  readonly resources: readonly EntitledResource[];
  readonly except: readonly ResourceRef[];
}

/** The policy with groups and roles expanded: still offline, in names, and without a clock. */
export interface ResolvedPolicy {
  readonly policy: Policy;
  readonly entitlements: readonly Entitlement[];
  /** Who is in each group that a `never` rule names, however deep. */
  readonly members: ReadonlyMap<string, readonly PrincipalName[]>;
}

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
  { until }: Pick<GrantMember, 'until'>,
  now: Instant,
): DatedPhase {
  if (from !== null && until !== null && until.at <= from.at) return NEVER;
  if (from !== null && now < from.at) return { phase: 'ahead', from };
  return until !== null && now >= until.at ? { phase: 'ended', until } : RUNNING;
}

export function grantPhase(
  entitlement: Pick<Entitlement, 'from'>,
  holder: Pick<GrantMember, 'until'>,
  now: Instant,
): GrantPhase {
  return datedPhase(entitlement, holder, now).phase;
}
