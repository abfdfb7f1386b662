import type { GrantLevel } from '../account/access-level.ts';
import type { PrincipalName } from '../account/principal.ts';
import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';
import type { Policy } from './policy.ts';
import type { ResourceRef } from './resource-ref.ts';

/** A named group or role, and where it is declared: one step of an explanation. */
export interface NamedPlace {
  readonly name: string;
  readonly at: Place;
}

/** A principal that a grant reaches, by the shortest path. `otherPaths` counts the further paths to the same principal. */
export interface GrantMember {
  readonly name: PrincipalName;
  readonly groups: readonly NamedPlace[];
  readonly otherPaths: number;
  /** When the grant ends for this member: the earlier of its `until` and the person's `ends`. */
  readonly until: WrittenInstant | null;
  /** The place of the person's `ends`, if that ends the grant. */
  readonly endedBy: Place | null;
}

/** One resource and level that a grant gives, still by name. Binding needs the account. */
export interface EntitledResource {
  readonly resource: ResourceRef;
  readonly level: GrantLevel;
  readonly role: NamedPlace | null;
}

/** One entry of `grants`, with its groups and roles expanded. */
export interface Entitlement {
  readonly grant: Place;
  readonly reason: string | null;
  readonly from: WrittenInstant | null;
  readonly holders: readonly GrantMember[];
  readonly resources: readonly EntitledResource[];
  readonly except: readonly ResourceRef[];
}

/** The policy with its groups and roles expanded: by name, without an account or a clock. */
export interface ResolvedPolicy {
  readonly policy: Policy;
  readonly entitlements: readonly Entitlement[];
  /** The principals in each group that a `never` rule names, nested groups included. */
  readonly members: ReadonlyMap<string, readonly PrincipalName[]>;
}

/** The phase of a grant for one member at one moment. `never`: the grant would end before it begins. */
export type GrantPhase = 'running' | 'ahead' | 'ended' | 'never';

/** A phase, with the date that decides it. */
export type DatedPhase =
  | { readonly phase: 'running' | 'never' }
  | { readonly phase: 'ahead'; readonly from: WrittenInstant }
  | { readonly phase: 'ended'; readonly until: WrittenInstant };

const RUNNING: DatedPhase = { phase: 'running' };
const NEVER: DatedPhase = { phase: 'never' };

/** The phase of a grant at `now`. A grant runs from `from` on, up to but not including `until`. */
export function datedPhase(
  { from }: Pick<Entitlement, 'from'>,
  { until }: Pick<GrantMember, 'until'>,
  now: Instant,
): DatedPhase {
  if (from !== null && until !== null && until.at <= from.at) return NEVER;
  if (from !== null && now < from.at) return { phase: 'ahead', from };
  return until !== null && now >= until.at ? { phase: 'ended', until } : RUNNING;
}

/** As `datedPhase`, without the date. */
export function grantPhase(
  entitlement: Pick<Entitlement, 'from'>,
  holder: Pick<GrantMember, 'until'>,
  now: Instant,
): GrantPhase {
  return datedPhase(entitlement, holder, now).phase;
}
