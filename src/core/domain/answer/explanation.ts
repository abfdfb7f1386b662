import type { AccessLevel, GrantLevel } from '../account/access-level.ts';
import type { Principal, PrincipalName } from '../account/principal.ts';
import type { SubjectExcluded } from '../plan/desired-state.ts';
import type { Cause, Change, Deferred, HeldPart, Unmanageable } from '../plan/plan.ts';
import type { PlanResource } from '../plan/plan-resource.ts';
import type { GrantPhase, NamedPlace } from '../policy/entitlement.ts';
import type { Certainty } from '../policy/ref-cover.ts';
import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';

/** One resource and level that a grant gives, as written in the policy. */
export interface ExplainedGrantResource {
  readonly resource: string;
  readonly level: GrantLevel;
  readonly role: NamedPlace | null;
  /** Whether it covers the resource of the question, as far as the text proves. `certain` if no resource was asked about. */
  readonly covers: Certainty;
}

/** One grant that reaches a principal, as written in the policy. */
export interface ExplainedGrant {
  readonly grant: Place;
  readonly phase: GrantPhase;
  readonly groups: readonly NamedPlace[];
  readonly otherPaths: number;
  readonly reason: string | null;
  readonly from: WrittenInstant | null;
  readonly until: WrittenInstant | null;
  /** The place of the person's `ends`, if that ends the grant. */
  readonly endedBy: Place | null;
  readonly gives: readonly ExplainedGrantResource[];
  readonly except: readonly { readonly resource: string; readonly covers: Certainty }[];
}

/**
 * The highest level that rows give on one resource, and the row that gives it. `perhaps` is a higher level that a row on
 * the account may give; Mailtrap does not document whether it covers this resource.
 */
export interface Reach {
  readonly level: AccessLevel;
  /** Null if no row gives anything. */
  readonly by: PlanResource | null;
  readonly perhaps: { readonly level: AccessLevel; readonly by: PlanResource } | null;
}

/** A line of the policy that gives access to a resource, and the resource that it names: this one, or one above. */
export interface Reason {
  readonly cause: Exclude<Cause, { readonly kind: 'not-granted' | 'unlisted' }>;
  readonly on: PlanResource;
  /** The `from` of the grant, or null. */
  readonly from: WrittenInstant | null;
  /** `possible` for a row on the account if Mailtrap does not document that it covers this resource. */
  readonly covers: Exclude<Certainty, 'never'>;
}

/** What grantd plans for one row, and the resource of that row: the one in question, or one above it. */
export type RowDisposition = { readonly on: PlanResource } & (
  | { readonly kind: 'planned' | 'observed'; readonly change: Change }
  | { readonly kind: 'held'; readonly change: Change; readonly part: HeldPart }
  | { readonly kind: 'deferred'; readonly deferred: Deferred }
  | { readonly kind: 'unmanageable'; readonly row: Unmanageable }
  | { readonly kind: 'redundant' }
  /** Only team files name the principal, these do not decide the row, and `unlisted` leaves it to them. */
  | { readonly kind: 'beyond-teams'; readonly files: readonly string[] }
);

/** One resource for one principal: the entitled and the actual level, and why. */
export interface ExplainedResource {
  readonly resource: PlanResource;
  readonly entitled: Reach;
  readonly actual: Reach;
  /** The level of the principal's own row on this resource; 0 means no row. */
  readonly row: AccessLevel;
  readonly reasons: readonly Reason[];
  /** Of the row on this resource first, then of the rows above, nearest first. */
  readonly dispositions: readonly RowDisposition[];
}

/** One account access of the person or token in question. */
export interface ExplainedAccess {
  readonly principal: Principal;
  /** Null for an API token whose account access id is unknown. */
  readonly access: number | null;
  readonly excluded: SubjectExcluded | null;
  readonly resources: readonly ExplainedResource[];
}

/** A name's status in the policy at a moment: named now, only in the future, or not at all. */
export type NameStatus = 'named' | 'upcoming' | 'not-in-policy';

/** The answer to "why": everything that the policy says about one name, and the result in the account. */
export interface Explanation {
  readonly account: number;
  readonly now: Instant;
  readonly name: PrincipalName;
  /** The resource of the question, as written. Null for all resources. */
  readonly asked: string | null;
  readonly status: NameStatus;
  readonly isProtected: boolean;
  /** The line of the policy that ignores the person, or null. */
  readonly ignoredBy: Place | null;
  /** The line of the policy that observes the person, or null. Null too if the policy ignores them. */
  readonly observedBy: Place | null;
  readonly ends: { readonly end: WrittenInstant; readonly at: Place } | null;
  /** The grants that reach this name. If the question names a resource, only those that may cover it. */
  readonly grants: readonly ExplainedGrant[];
  /** Null if no account was read; empty if the account does not have this name. */
  readonly accesses: readonly ExplainedAccess[] | null;
  /** False if the account does not show the resource. */
  readonly isFound: boolean;
}

/** The status of a principal with access to a resource. `exempt`: protected or ignored, and not named. */
export type HolderStatus = 'named' | 'upcoming' | 'exempt' | 'not-in-policy';

/** A principal that has access to a resource, or should have it. */
export interface ResourceHolder {
  readonly principal: Principal;
  readonly access: number | null;
  readonly status: HolderStatus;
  readonly actual: Reach;
  /** Null if the policy does not name the principal. */
  readonly entitled: Reach | null;
  readonly reasons: readonly Reason[];
  /** Of the row on this resource first, then of the rows above, nearest first. */
  readonly dispositions: readonly RowDisposition[];
}

/** The answer to "who": everyone with access to one resource, highest level first. */
export interface WhoHas {
  readonly resource: PlanResource;
  readonly holders: readonly ResourceHolder[];
  /** How many other principals of the account have no access to it. */
  readonly without: number;
}

/** One account access, and the status of its principal in the policy. */
export interface AccessWithStatus extends ExplainedAccess {
  readonly status: HolderStatus;
}

/** The grants of one name, as written in the policy. */
export interface NamedGrants {
  readonly name: PrincipalName;
  readonly grants: readonly ExplainedGrant[];
}

/** The whole account explained, with the grants of absent principals and the grants that have not begun. */
export interface AccountExplanation {
  /** Made anew whenever it is read. */
  readonly accesses: Iterable<AccessWithStatus>;
  readonly absent: readonly NamedGrants[];
  readonly ahead: readonly NamedGrants[];
}
