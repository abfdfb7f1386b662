import type { AccessLevel, GrantLevel } from '../account/access-level.ts';
import type { Principal, PrincipalName } from '../account/principal.ts';
import type { SubjectExcluded } from '../plan/desired-state.ts';
import type { Cause, Change, Deferred, HeldPart, PlanResource, Unmanageable } from '../plan/plan.ts';
import type { NamedPlace } from '../policy/entitlement.ts';
import type { GrantPhase } from '../policy/grant-phase.ts';
import type { Certainty } from '../policy/ref-cover.ts';
import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';

/** One thing that a grant gives, as the policy wrote it. */
export interface ExplainedGift {
  readonly resource: string;
  readonly level: GrantLevel;
  readonly role: NamedPlace | null;
  /** Whether it covers what was asked about, as far as the text alone can tell; `certain` where nothing was. */
  readonly covers: Certainty;
}

/** One grant that reaches somebody, as the policy wrote it. */
export interface ExplainedGrant {
  readonly grant: Place;
  readonly phase: GrantPhase;
  readonly groups: readonly NamedPlace[];
  readonly otherPaths: number;
  readonly reason: string | null;
  readonly from: WrittenInstant | null;
  readonly until: WrittenInstant | null;
  /** Where the person's `ends` stands, if that is what ends it. */
  readonly endedBy: Place | null;
  readonly gives: readonly ExplainedGift[];
  readonly except: readonly { readonly resource: string; readonly covers: Certainty }[];
}

/**
 * What rows give on one resource: the highest level, and the row that gives it. `perhaps` is a higher level by a row of
 * the account where nothing documents that it reaches this far.
 */
export interface Reach {
  readonly level: AccessLevel;
  /** Null where nothing gives anything. */
  readonly by: PlanResource | null;
  readonly perhaps: { readonly level: AccessLevel; readonly by: PlanResource } | null;
}

/** A line of the policy that gives something on a resource, and the resource it names to do so: this one, or one above. */
export interface Reason {
  readonly cause: Exclude<Cause, { readonly kind: 'not-granted' | 'unlisted' }>;
  readonly on: PlanResource;
  /** When the grant began; null where it says none. */
  readonly from: WrittenInstant | null;
  /** `possible` for a row of the account where nothing documents that it reaches this far. */
  readonly covers: Exclude<Certainty, 'never'>;
}

/** What the plan says of one row, and what that row is on: the resource itself, or one above it. */
export type RowDisposition = { readonly on: PlanResource } & (
  | { readonly kind: 'planned'; readonly change: Change }
  | { readonly kind: 'held'; readonly change: Change; readonly part: HeldPart }
  | { readonly kind: 'deferred'; readonly deferred: Deferred }
  | { readonly kind: 'unmanageable'; readonly row: Unmanageable }
  | { readonly kind: 'redundant' }
);

/** One resource as it concerns one principal: entitled beside actual, and why. */
export interface ExplainedResource {
  readonly resource: PlanResource;
  readonly entitled: Reach;
  readonly actual: Reach;
  /** The level of the principal's own row here; 0 is no row. */
  readonly row: AccessLevel;
  readonly reasons: readonly Reason[];
  /** Of its own row, and then of rows above it, the nearest first. */
  readonly dispositions: readonly RowDisposition[];
}

/** One account access of the person or token who was asked about. */
export interface ExplainedAccess {
  readonly principal: Principal;
  /** Null for an API token whose account access id nothing tells. */
  readonly access: number | null;
  readonly excluded: SubjectExcluded | null;
  readonly resources: readonly ExplainedResource[];
}

/** How a name stands in the policy at a moment. */
export type NameStatus = 'named' | 'upcoming' | 'not-in-policy';

/** The answer to "why": everything the policy says of one name, and what that comes down to in the account. */
export interface Explanation {
  readonly account: number;
  readonly now: Instant;
  readonly name: PrincipalName;
  /** The resource that was asked about, as written; null for all. */
  readonly asked: string | null;
  readonly status: NameStatus;
  readonly isProtected: boolean;
  /** Where the policy ignores the person. */
  readonly ignoredBy: Place | null;
  readonly ends: { readonly end: WrittenInstant; readonly at: Place } | null;
  /** The grants that reach this name; with a resource asked about, those that may reach it there. */
  readonly grants: readonly ExplainedGrant[];
  /** Null where no account was looked at; empty where the account does not have this name. */
  readonly accesses: readonly ExplainedAccess[] | null;
  /** False where the account shows no such resource. */
  readonly isFound: boolean;
}

/** How somebody who holds access on a resource stands in the policy. `exempt`: protected or ignored, and not named. */
export type HolderStatus = 'named' | 'upcoming' | 'exempt' | 'not-in-policy';

/** Somebody with access on a resource, or who should have it. */
export interface ResourceHolder {
  readonly principal: Principal;
  readonly access: number | null;
  readonly status: HolderStatus;
  readonly actual: Reach;
  /** Null for whom the policy does not name. */
  readonly entitled: Reach | null;
  readonly reasons: readonly Reason[];
  /** Of its own row, and then of rows above it, the nearest first. */
  readonly dispositions: readonly RowDisposition[];
}

/** The answer to "who": everybody on one resource, the highest level first. */
export interface WhoHas {
  readonly resource: PlanResource;
  readonly holders: readonly ResourceHolder[];
  /** How many others the account has, who hold nothing here. */
  readonly without: number;
}

/** One account access, and how its principal stands in the policy. */
export interface AccessWithStatus extends ExplainedAccess {
  readonly status: HolderStatus;
}

/** Grants of one name, as the policy wrote them. */
export interface NamedGrants {
  readonly name: PrincipalName;
  readonly grants: readonly ExplainedGrant[];
}

/** The whole account explained, and what the policy says of those who are not there or whose time has not come. */
export interface AccountExplanation {
  readonly accesses: readonly AccessWithStatus[];
  readonly absent: readonly NamedGrants[];
  readonly ahead: readonly NamedGrants[];
}
