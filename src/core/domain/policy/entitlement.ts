import type { GrantLevel } from '../account/access-level.ts';
import { type PrincipalName, principalNameText } from '../account/principal.ts';
import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';
import type { End, Policy } from './policy.ts';
import type { ResourceRef } from './resource-ref.ts';
import type { Team } from './team.ts';

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
  /** The person's `ends`, if the policy has one. It ends every grant of theirs (`untilFor`). */
  readonly end: End | null;
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
  /** Its own `until`. It may end earlier for some of its members (`untilFor`). */
  readonly until: WrittenInstant | null;
  /** Its members. Grants to the same people share one list, so that groups and grants are never multiplied out. */
  readonly holders: readonly GrantMember[];
  /** What it gives. Grants of one role share one list. */
  readonly resources: readonly EntitledResource[];
  readonly except: readonly ResourceRef[];
  /** The team whose file has the grant: it acts within what that team may decide. Null: the root file. */
  readonly team: Team | null;
}

/** The policy with its groups and roles expanded: by name, without an account or a clock. */
export interface ResolvedPolicy {
  readonly policy: Policy;
  readonly entitlements: readonly Entitlement[];
  /** The principals in each group that a rule of `never` or `require` names, nested groups included. */
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

type Ends = Pick<Entitlement, 'until'>;
type EndsOnly = Pick<GrantMember, 'end'>;

/** When a grant ends for a member: by its `until` or by the person's `ends`, whichever is earlier. */
export function untilFor({ until }: Ends, { end }: EndsOnly): WrittenInstant | null {
  return end !== null && (until === null || end.end.at < until.at) ? end.end : until;
}

/** The place of the person's `ends`, if that ends the grant for a member. */
export function endedByFor(entitlement: Ends, member: EndsOnly): Place | null {
  return member.end !== null && untilFor(entitlement, member) === member.end.end ? member.end.at : null;
}

/** The phase of a grant at `now`. A grant runs from `from` on, up to but not including the moment when it ends. */
export function datedPhase(
  entitlement: Pick<Entitlement, 'from' | 'until'>,
  member: EndsOnly,
  now: Instant,
): DatedPhase {
  const { from } = entitlement;
  const until = untilFor(entitlement, member);
  if (from !== null && until !== null && until.at <= from.at) return NEVER;
  if (from !== null && now < from.at) return { phase: 'ahead', from };
  return until !== null && now >= until.at ? { phase: 'ended', until } : RUNNING;
}

/** As `datedPhase`, without the date. */
export function grantPhase(
  entitlement: Pick<Entitlement, 'from' | 'until'>,
  member: EndsOnly,
  now: Instant,
): GrantPhase {
  return datedPhase(entitlement, member, now).phase;
}

/** The members by name, indexed once for all grants that share the list. */
const indexed = new WeakMap<readonly GrantMember[], ReadonlyMap<string, GrantMember>>();

/** The member of a grant that has this name, if there is one. */
export function findMember({ holders }: Pick<Entitlement, 'holders'>, name: PrincipalName): GrantMember | undefined {
  const byName = indexed.get(holders) ?? new Map(holders.map((one) => [principalNameText(one.name), one]));
  indexed.set(holders, byName);
  return byName.get(principalNameText(name));
}

/** The member that has this name, of a grant that reaches it. */
export function memberNamed(entitlement: Pick<Entitlement, 'holders'>, name: PrincipalName): GrantMember {
  return findMember(entitlement, name) as GrantMember;
}

/** The different lists of members, each once, in the order of the grants. */
export function distinctHolders(entitlements: readonly Entitlement[]): readonly (readonly GrantMember[])[] {
  return [...new Set(entitlements.map(({ holders }) => holders))];
}
