import type { AccessLevel, GrantLevel } from '../account/access-level.ts';
import type { ActualState } from '../account/actual-state.ts';
import type { Principal, PrincipalName } from '../account/principal.ts';
import type { ResourceId } from '../account/resource.ts';
import type { DesiredState } from '../plan/desired-state.ts';
import type { Notice } from '../plan/notice.ts';
import type { Deferred, Difference, Plan, Refusal, Unmanageable } from '../plan/plan.ts';
import type { LeftBehind } from '../plan/plan-counts.ts';
import type { GrantCause } from '../policy/grant-cause.ts';
import type { Mode } from '../policy/policy.ts';
import type { Instant } from '../text/instant.ts';
import type { NameStatus } from './explanation.ts';

/** The risks of a change of access, largest first. */
export const RISKS = [
  'new-account-admin',
  'account-wide',
  'new-admin',
  'no-longer-account-admin',
  'taken',
  'given',
] as const;
/** One of `RISKS`. */
export type Risk = (typeof RISKS)[number];

/** The keys of a policy that limit or extend what it does, in the order of the report. */
export const TERMS = [
  'mode',
  'paused',
  'unlisted',
  'protected',
  'never',
  'require',
  'include',
  'limits',
  'manage',
  'observe',
  'ignore',
  'tokens',
  'approvals',
  'ends',
  'tests',
] as const;
/** One of `TERMS`. */
export type Term = (typeof TERMS)[number];

/** The effect of a changed term: it allows more than before (`loosens`), less (`tightens`), or something else. */
export type TermEffect = 'loosens' | 'changes' | 'tightens';

/** A difference in one of the policy's terms, as opposed to a difference in someone's access. */
export interface TermChange {
  readonly term: Term;
  readonly effect: TermEffect;
  /** The difference, e.g. `observe → authoritative`. */
  readonly what: string;
  /** The consequence, in a sentence. */
  readonly means: string;
}

/**
 * A level as far as it is known. `perhaps` is a higher level that the text does not rule out, with the words of the
 * policy that may give it.
 */
export interface KnownLevel {
  readonly level: AccessLevel;
  readonly perhaps: { readonly level: AccessLevel; readonly by: string } | null;
}

/** A resource in a comparison: the policy's words for it with their exceptions, or a resource of the account with its id. */
export interface ComparedResource {
  readonly label: string;
  readonly except: readonly string[];
  readonly id: ResourceId | null;
}

/**
 * The access of one principal to one resource under each of two policies. It also stands for the resources below that
 * change in the same way.
 */
export interface AccessShift {
  readonly risk: Risk;
  readonly name: PrincipalName;
  /** The principal in the account. Null if only the texts are compared. */
  readonly principal: Principal | null;
  readonly access: number | null;
  readonly resource: ComparedResource;
  readonly before: KnownLevel;
  readonly after: KnownLevel;
  /** How many resources below this one change in the same way and have no entry of their own. */
  readonly below: number;
  /** The grants of the old policy that gave the lost access. Empty for a gain. */
  readonly was: readonly GrantCause[];
  /** The grants of the new policy that give the gained or remaining access, and those that have ended. */
  readonly now: readonly GrantCause[];
}

/** Why a difference in words makes no known difference in access. */
export type SilentReason =
  /** Another grant gives the same level, if every name matches exactly one resource. */
  | 'other-words'
  | 'additive'
  | 'protected'
  | 'ignored'
  | 'observed'
  | 'outside-manage'
  /** No grant that has begun gives it, and one that begins soon shields it. */
  | 'shielded'
  /** It changes nothing in this account today. */
  | 'without-effect'
  | 'absent';

/** The level from `at` until the next step. */
export interface LevelStep {
  readonly at: Instant;
  readonly level: AccessLevel;
}

/** The level that the policy's words for a resource give now, and every later change of it. */
export interface LevelTimeline {
  readonly now: AccessLevel;
  readonly steps: readonly LevelStep[];
}

/** Words that differ between the two policies and change no one's access now. */
export interface SilentShift {
  readonly why: SilentReason;
  readonly name: PrincipalName;
  readonly resource: ComparedResource;
  /** The levels that these words alone give in the old and in the new policy, now and later. */
  readonly before: LevelTimeline;
  readonly after: LevelTimeline;
}

/** A principal's status in one of two policies. `ignored`: grantd never touches them, whatever a grant says. */
export type ComparedStatus = NameStatus | 'ignored';

/** What happens to all of a principal's access when their status changes. */
export type StatusOutcome =
  /** grantd makes their access equal to the policy and removes everything else that they have. */
  | 'made-equal'
  /** grantd adds what the policy grants and removes nothing. */
  | 'added-to'
  /** They keep everything that they have. */
  | 'keeps'
  /** grantd plans what they would gain and lose, and writes none of it. */
  | 'observed'
  /** They lose every row that the policy may write, but for what a grant that begins soon will give. */
  | 'loses';

/** A principal that one of the two policies names and the other does not, or not yet. */
export interface StatusChange {
  readonly name: PrincipalName;
  readonly before: ComparedStatus;
  readonly after: ComparedStatus;
  readonly outcome: StatusOutcome;
  /** What the old policy gave them, highest level first. */
  readonly gave: readonly { readonly resource: ComparedResource; readonly level: GrantLevel }[];
}

/** A future difference: a grant that begins or ends at another time. */
export interface AheadShift {
  /** The risk. Null if both policies give the same levels, at other times. */
  readonly risk: Risk | null;
  readonly name: PrincipalName;
  readonly resource: ComparedResource;
  readonly before: LevelTimeline;
  readonly after: LevelTimeline;
}

/** The parts of the new policy that grantd would not apply, or not at once, to an account that matches the old policy. */
export interface Obstacles {
  /** Guards that would hold all or some of the changes. */
  readonly refusals: readonly Refusal[];
  readonly deferred: readonly Deferred[];
  readonly unmanageable: readonly Unmanageable[];
  readonly notices: readonly Notice[];
}

/** All differences between two policies of one account, at one moment. */
export interface Comparison {
  readonly account: number;
  readonly at: Instant;
  readonly mode: { readonly before: Mode; readonly after: Mode };
  /** Whether the new policy is paused. The comparison lists its changes even so. */
  readonly isPaused: boolean;
  /** What was compared: the two texts alone, or both policies bound to an account. */
  readonly basis: 'text' | 'account';
  readonly terms: readonly TermChange[];
  readonly shifts: readonly AccessShift[];
  readonly statuses: readonly StatusChange[];
  readonly ahead: readonly AheadShift[];
  readonly silent: readonly SilentShift[];
  readonly obstacles: Obstacles;
  /** Who keeps access under the new policy although no grant names them. Null if only the texts are compared. */
  readonly leftBehind: LeftBehind | null;
}

/** Whether there is no difference at all. Then the two policies do the same in every account, now and later. */
export function isSameEverywhere({ terms, shifts, statuses, ahead, silent, obstacles }: Comparison): boolean {
  const { refusals, deferred, unmanageable, notices } = obstacles;
  return [terms, shifts, statuses, ahead, silent, refusals, deferred, unmanageable, notices].every(
    (list) => list.length === 0,
  );
}

/** One policy bound to an account, the difference between both, and the guarded plan. */
export interface PolicyOutcome {
  readonly desired: DesiredState;
  readonly difference: Difference;
  readonly plan: Plan;
}

/** An account that matches the old policy, with the outcome of the old and of the new policy on it. */
export interface PolicyComparisonInput {
  /** The account after every write of the old policy, including those that a guard or an unproven token would hold back. */
  readonly actual: ActualState;
  readonly old: PolicyOutcome;
  readonly next: PolicyOutcome;
}
