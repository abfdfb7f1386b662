import type { AccessLevel, GrantLevel } from '../account/access-level.ts';
import type { Principal, PrincipalName } from '../account/principal.ts';
import type { ResourceId } from '../account/resource.ts';
import type { NamedPlace } from '../policy/entitlement.ts';
import type { Mode } from '../policy/policy.ts';
import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';
import type { SubjectExcluded } from './desired-state.ts';
import type { Notice } from './notice.ts';

/** A resource as a plan names it: the pair that the API knows, and the words that a person knows. */
export interface PlanResource extends ResourceId {
  readonly label: string;
}

/** One reason for what a principal holds or loses: a line of the policy. */
export type Cause =
  | {
      readonly kind: 'grant' | 'ended';
      readonly grant: Place;
      readonly resource: string;
      readonly level: GrantLevel;
      readonly role: NamedPlace | null;
      readonly groups: readonly NamedPlace[];
      readonly otherPaths: number;
      readonly reason: string | null;
      readonly until: WrittenInstant | null;
      /** Where the person's `ends` stands, if that is what ends it. */
      readonly endedBy: Place | null;
    }
  /** The principal is named here, and nothing that runs gives what the row holds. */
  | { readonly kind: 'not-granted'; readonly grant: Place; readonly groups: readonly NamedPlace[] }
  /** No grant names them, and the policy says `unlisted: revoke`. */
  | { readonly kind: 'unlisted'; readonly at: Place }
  | { readonly kind: 'offboarded'; readonly at: Place };

export const CHANGE_KINDS = ['create', 'raise', 'lower', 'remove'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One row of one account access, and what becomes of it. `before` is the level it has, `after` the one it gets; 0 is no row. */
export interface Change {
  readonly kind: ChangeKind;
  readonly principal: Principal;
  readonly access: number;
  readonly resource: PlanResource;
  readonly before: AccessLevel;
  readonly after: AccessLevel;
  readonly why: readonly Cause[];
}

/** Why a row that the policy wants otherwise can never be written. */
export type RowExcluded =
  | SubjectExcluded
  | 'protected'
  | 'level'
  | 'type'
  | 'not-shown'
  | 'token-below-admin'
  | 'ignored'
  | 'outside-manage'
  | 'reaches-from-above';

/**
 * A row that the policy wants otherwise and nothing may write. `excess`: holds more than entitled; `missing`: less;
 * `without-effect`: its change is planned, but a row above that cannot be written gives more anyway.
 */
export interface Unmanageable {
  readonly kind: 'excess' | 'missing' | 'without-effect';
  readonly principal: Principal;
  readonly access: number;
  readonly resource: PlanResource;
  readonly actual: AccessLevel;
  readonly entitled: AccessLevel;
  readonly reason: RowExcluded;
  readonly why: readonly Cause[];
}

/** Why a change that the policy asks for, and that grantd could write, is not written now. The list is closed. */
export const DEFERRED_REASONS = [
  'unresolved-name',
  'unresolved-except',
  'unresolved-scope',
  'unresolved-never',
  'relies-on-missing',
  /** grantd wrote it again and again and it did not last: grantd retries it once a day. */
  'contested',
  /** Mailtrap answered the first raise of this token, and the raise did not show on it. */
  'pair-disproven',
  /** Nothing proves this token's pair of ids yet, and only a raise could. */
  'pair-unproven',
  /** The fallback policy counts, and it only removes access that has expired. */
  'fallback',
] as const;
export type DeferredReason = (typeof DEFERRED_REASONS)[number];

/** A change that waits, because something it relies on is in doubt. */
export interface Deferred {
  readonly change: Change;
  readonly reason: DeferredReason;
  /** The name, the line or the row that it waits for. */
  readonly waitsFor: string;
}

/** A row that gives nothing beyond the declared access. It becomes a change on the day it would give more. */
export interface Redundant {
  readonly principal: Principal;
  readonly access: number;
  readonly resource: PlanResource;
  readonly level: AccessLevel;
}

/** What a grant gave until it ended; `actual` is the level that the principal's own row there still has. */
export interface Ended {
  readonly principal: Principal;
  readonly access: number;
  readonly resource: PlanResource;
  readonly level: GrantLevel;
  readonly actual: AccessLevel;
  readonly grant: Place;
  readonly until: WrittenInstant;
}

/** A user or invite whom no grant names. */
export interface Unlisted {
  readonly principal: Principal;
  readonly access: number;
  readonly rows: readonly { readonly resource: PlanResource; readonly level: AccessLevel }[];
}

/** The rules of guards, by name, in the order in which refusals are told. */
export const GUARD_RULES = ['empty-policy', 'last-admins', 'never', 'revoke-limit', 'admin-limit'] as const;
export type GuardRule = (typeof GUARD_RULES)[number];

/** Rules that nobody can approve a part past: only another policy settles what they hold. */
const UNAPPROVABLE: ReadonlySet<GuardRule> = new Set<GuardRule>(['last-admins', 'never']);

/** A rule that stops a part of a plan: numbers in the message, and the way forward. */
export interface Refusal {
  readonly rule: GuardRule;
  readonly message: string;
  readonly remedy: string;
}

/** The changes of one principal that a guard holds, under the digest that binds exactly them. */
export interface HeldPart {
  readonly digest: string;
  readonly principal: Principal;
  readonly rules: readonly GuardRule[];
  readonly changes: readonly Change[];
  /** The command that lets it run; null where no approval does. */
  readonly approve: string | null;
}

/** Whether an approval of its digest lets a held part run. */
export function isApprovable({ rules }: Pick<HeldPart, 'rules'>): boolean {
  return !rules.some((rule) => UNAPPROVABLE.has(rule));
}

/** Who lets a held part run: an entry of `approvals`, or whoever started this run. */
export type ApprovedBy =
  | { readonly kind: 'policy'; readonly at: Place; readonly until: WrittenInstant }
  | { readonly kind: 'by-hand' };

/** A part that guards would hold, and that runs because its digest is approved. Its changes stand among the plan's. */
export interface ApprovedPart extends Omit<HeldPart, 'approve'> {
  readonly by: ApprovedBy;
  /** True for what is left of a part that was begun: `digest` is then that of the whole. */
  readonly isBegun: boolean;
}

/** How a plan ends: nothing to do, may be written, held by guards, paused, or only observed. */
export type Verdict = 'clean' | 'allowed' | 'held' | 'paused' | 'observe';

/** How many principals a plan concerns, for its first line. */
export interface PlanCounts {
  /** Principals that gain, lose (some gain too), or keep what they have; and those whom the policy does not name. */
  readonly gain: number;
  readonly lose: number;
  readonly untouched: number;
  readonly notInPolicy: number;
}

/** What the diff finds: everything between the policy and the account, before any guard judges it. */
export interface Difference {
  readonly account: number;
  readonly mode: Mode;
  readonly now: Instant;
  readonly counts: PlanCounts;
  /** By principal, raises before the rest, then by resource. Never depends on the order of any input. */
  readonly changes: readonly Change[];
  readonly deferred: readonly Deferred[];
  readonly unmanageable: readonly Unmanageable[];
  readonly absent: readonly { readonly name: PrincipalName; readonly grants: readonly Place[] }[];
  readonly upcoming: readonly {
    readonly name: PrincipalName;
    readonly grants: readonly Place[];
    readonly begins: Instant | null;
  }[];
  readonly unlisted: readonly Unlisted[];
  readonly idle: readonly Principal[];
  readonly redundant: readonly Redundant[];
  readonly ended: readonly Ended[];
  /** Account access ids of tokens whose pair of ids is not proved: their first write is one raise. */
  readonly unproven: readonly number[];
  readonly notices: readonly Notice[];
}

/**
 * A difference that was judged. `changes` may be written, `held` may not, `deferred` wait; together they are all that the
 * policy wants. What may be written passes every guard without the rest.
 */
export interface Plan extends Difference {
  readonly digest: string;
  /** Of `changes`; `held` where there are none but some are held. */
  readonly verdict: Verdict;
  readonly refusals: readonly Refusal[];
  readonly held: readonly HeldPart[];
  readonly approved: readonly ApprovedPart[];
}
