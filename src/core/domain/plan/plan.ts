import type { AccessLevel, GrantLevel } from '../account/access-level.ts';
import type { Principal, PrincipalName } from '../account/principal.ts';
import type { NamedPlace } from '../policy/entitlement.ts';
import type { Mode } from '../policy/policy.ts';
import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';
import type { Ahead } from './ahead.ts';
import type { ApprovedBy } from './approved-by.ts';
import type { ChangeCause } from './change-cause.ts';
import type { SubjectExcluded } from './desired-state.ts';
import type { Notice } from './notice.ts';
import type { PlanCounts } from './plan-counts.ts';
import type { PlanResource } from './plan-resource.ts';
import type { Unlisted } from './unlisted.ts';
import { UNRESOLVED_REASONS, type Unresolved } from './unresolved.ts';

/** One reason for what a principal has or loses: a line of the policy. */
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
      /** The place of the person's `ends`, if that ends the grant. */
      readonly endedBy: Place | null;
    }
  /** The policy names the principal here, and no running grant gives what the row gives. */
  | { readonly kind: 'not-granted'; readonly grant: Place; readonly groups: readonly NamedPlace[] }
  /** No grant names them, and this line of `unlisted` takes their access. */
  | { readonly kind: 'unlisted'; readonly at: Place }
  | { readonly kind: 'offboarded'; readonly at: Place };

/** What a change does to a row. */
export const CHANGE_KINDS = ['create', 'raise', 'lower', 'remove'] as const;
export type ChangeKind = (typeof CHANGE_KINDS)[number];

/** One change of one row of an account access. `before` is its present level, `after` the new one; 0 means no row. */
export interface Change {
  readonly kind: ChangeKind;
  readonly principal: Principal;
  readonly access: number;
  readonly resource: PlanResource;
  readonly before: AccessLevel;
  readonly after: AccessLevel;
  readonly why: readonly Cause[];
  /** What brought it about. Absent where grantd has no memory of the account. No digest and no agreement covers it. */
  readonly cause?: ChangeCause;
}

/** Why grantd can never write a row that differs from the policy. */
export type RowExcluded =
  | SubjectExcluded
  | 'own-token-unknown'
  | 'protected'
  | 'level'
  | 'type'
  | 'not-shown'
  | 'token-below-admin'
  | 'ignored'
  | 'outside-manage'
  | 'reaches-from-above';

/**
 * A row that differs from the policy and that grantd may not write. `excess`: the row gives more than entitled;
 * `missing`: less; `without-effect`: grantd plans its change, but a row above that it cannot write gives more anyway.
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

/** Why grantd does not write a change now although the policy asks for it and the row is writable. The list is closed. */
export const DEFERRED_REASONS = [
  ...UNRESOLVED_REASONS,
  'relies-on-missing',
  /** This access had a protected e-mail, as grantd remembers, and has another one now. */
  'protected-renamed',
  /** Nobody has a protected e-mail, and grantd remembers nobody who had it: this may be that person. */
  'protected-unmatched',
  /** This may be a person whom the policy names by an e-mail that nobody has. */
  'maybe-renamed',
  /** grantd wrote it again and again and it did not last. grantd retries it once a day. */
  'contested',
  /** The API accepted the first raise of this token, and a read did not show it. */
  'pair-disproven',
  /** This token's two ids are not confirmed to belong together, and only a raise can confirm it. */
  'pair-unproven',
  /** The fallback policy is in use. It only removes expired access, and account admin that is drift. */
  'fallback',
  /** It is not proven yet that a PUT takes nothing that it does not name, and this one leaves rows unnamed. */
  'put-unproven',
] as const;
/** One of `DEFERRED_REASONS`. */
export type DeferredReason = (typeof DEFERRED_REASONS)[number];

/** A change that waits because something that it relies on is in doubt. */
export interface Deferred {
  readonly change: Change;
  readonly reason: DeferredReason;
  /** The name, the line or the row that it waits for. */
  readonly waitsFor: string;
}

/** Whether a deferred change is reported as such. What is contested or disproven is reported when a run finds it so. */
export function isInDoubt({ reason }: Deferred): boolean {
  return reason !== 'contested' && reason !== 'pair-disproven';
}

/** A row that gives nothing beyond what the principal is entitled to. It becomes a change as soon as it would give more. */
export interface Redundant {
  readonly principal: Principal;
  readonly access: number;
  readonly resource: PlanResource;
  readonly level: AccessLevel;
}

/** A role in the organization above the account. Nothing may write it. */
export interface HeldRole {
  readonly principal: Principal;
  /** Null for a token whose account access id is unknown. */
  readonly access: number | null;
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

/** The names of the guards, in the order of their refusals in reports. */
export const GUARD_RULES = [
  'empty-policy',
  'last-admins',
  'never',
  'revoke-limit',
  'gain-limit',
  'admin-limit',
] as const;
/** One of `GUARD_RULES`. */
export type GuardRule = (typeof GUARD_RULES)[number];

/** Guards that no approval overrides. Only a change of the policy releases what they hold. */
const UNAPPROVABLE: ReadonlySet<GuardRule> = new Set<GuardRule>(['empty-policy', 'last-admins', 'never']);

/** A guard's refusal of a part of the plan: the numbers in the message, and what to do in the remedy. */
export interface Refusal {
  readonly rule: GuardRule;
  readonly message: string;
  readonly remedy: string;
}

/** The changes of one principal that guards hold. An approval names their digest, which covers exactly these changes. */
export interface HeldPart {
  readonly digest: string;
  readonly principal: Principal;
  readonly rules: readonly GuardRule[];
  readonly changes: readonly Change[];
  /** The last day of an approval to add to the policy, as YYYY-MM-DD. Null if no approval can release it. */
  readonly approvalUntil: string | null;
  /** The command that approves it for one run. Null likewise, and in mode observe, where no run writes. */
  readonly approve: string | null;
}

/** Whether an approval of its digest releases a held part. */
export function isApprovable({ rules }: Pick<HeldPart, 'rules'>): boolean {
  return !rules.some((rule) => UNAPPROVABLE.has(rule));
}

/** A part that guards would hold, released by an approval of its digest. The plan's `changes` include its changes. */
export interface ApprovedPart extends Omit<HeldPart, 'approvalUntil' | 'approve'> {
  readonly by: ApprovedBy;
  /** True for the rest of a part that grantd has begun to write. `digest` is then the digest of the whole part. */
  readonly isBegun: boolean;
}

/**
 * What a run can do with a plan. `complete`: nothing differs that grantd may write and no name is unresolved, whatever it
 * observes. `allowed`: some changes may be written, whatever else waits. The others end a run under the same name (`RUN_ENDS`).
 */
export type Verdict = 'complete' | 'allowed' | 'paused' | 'held' | 'deferred' | 'observed';

/** Every difference between the policy and the account, before the guards evaluate it. */
export interface Difference {
  readonly account: number;
  readonly mode: Mode;
  readonly now: Instant;
  readonly counts: PlanCounts;
  /** By principal, raises before the rest, then by resource. Never depends on the order of any input. */
  readonly changes: readonly Change[];
  readonly deferred: readonly Deferred[];
  /** By place. Not of a running grant that reaches no one whom grantd may write. */
  readonly unresolved: readonly Unresolved[];
  /** Changes of what `observe` lists, in the same order. grantd writes none of them, and no guard counts them. */
  readonly observed: readonly Change[];
  readonly unmanageable: readonly Unmanageable[];
  readonly absent: readonly { readonly name: PrincipalName; readonly grants: readonly Place[] }[];
  readonly upcoming: readonly {
    readonly name: PrincipalName;
    readonly grants: readonly Place[];
    readonly begins: Instant | null;
  }[];
  readonly unlisted: readonly Unlisted[];
  /** They reach the whole account. Sorted by principal; those without an account access id come last. */
  readonly organization: readonly HeldRole[];
  readonly idle: readonly Principal[];
  readonly redundant: readonly Redundant[];
  readonly ended: readonly Ended[];
  /** Account access ids of tokens whose two ids are not confirmed to belong together. Their first write is a single raise. */
  readonly unproven: readonly number[];
  readonly notices: readonly Notice[];
}

/**
 * A difference after the guards. grantd may write `changes`, may not write `held`, and does not write `deferred` yet;
 * together with `observed` they are all changes that the policy asks for. `changes` pass every guard on their own.
 */
export interface Plan extends Difference {
  readonly digest: string;
  /** The verdict on all of it: `complete` only if nothing waits either. */
  readonly verdict: Verdict;
  readonly refusals: readonly Refusal[];
  readonly ahead: Ahead;
  readonly held: readonly HeldPart[];
  readonly approved: readonly ApprovedPart[];
}

/** Whether anything waits: a guard holds it, it is deferred, or a name is unresolved. */
export function hasWaiting({ held, deferred, unresolved }: Pick<Plan, 'held' | 'deferred' | 'unresolved'>): boolean {
  return held.length + deferred.length + unresolved.length > 0;
}
