import type { AccessLevel, GrantLevel } from '../account/access-level.ts';
import type { Principal, PrincipalName } from '../account/principal.ts';
import type { ResourceId } from '../account/resource.ts';
import type { Notice } from '../plan/notice.ts';
import type { Deferred, Refusal, Unmanageable } from '../plan/plan.ts';
import type { GrantCause } from '../policy/grant-cause.ts';
import type { Mode } from '../policy/policy.ts';
import type { Instant } from '../text/instant.ts';
import type { NameStatus } from './explanation.ts';

/** What a change of access risks, the largest first. */
export const RISKS = [
  'new-account-admin',
  'account-wide',
  'new-admin',
  'no-longer-account-admin',
  'taken',
  'given',
] as const;
export type Risk = (typeof RISKS)[number];

/** The keys of a policy that say how far it goes, in the order in which they are told. */
export const TERMS = [
  'mode',
  'paused',
  'unlisted',
  'protected',
  'never',
  'limits',
  'manage',
  'ignore',
  'tokens',
  'approvals',
  'ends',
  'tests',
] as const;
export type Term = (typeof TERMS)[number];

/** What a changed term does: lets more happen than before, less, or something else. */
export type TermEffect = 'loosens' | 'changes' | 'tightens';

/** One line of difference in what a policy says of itself rather than of somebody's access. */
export interface TermChange {
  readonly term: Term;
  readonly effect: TermEffect;
  /** The difference, e.g. `observe → authoritative`. */
  readonly what: string;
  /** What follows from it. */
  readonly means: string;
}

/** A level as far as it is known: `perhaps` is a higher one that the text does not rule out, and the words that may give it. */
export interface KnownLevel {
  readonly level: AccessLevel;
  readonly perhaps: { readonly level: AccessLevel; readonly by: string } | null;
}

/** A resource as it is told: in the policy's words with what they leave out, or one of the account with its id. */
export interface ComparedResource {
  readonly label: string;
  readonly except: readonly string[];
  readonly id: ResourceId | null;
}

/** What one person or token has under each of two policies on one resource, and on what is below and comes to the same. */
export interface AccessShift {
  readonly risk: Risk;
  readonly name: PrincipalName;
  /** Who it is in the account; null where only the texts are compared. */
  readonly principal: Principal | null;
  readonly access: number | null;
  readonly resource: ComparedResource;
  readonly before: KnownLevel;
  readonly after: KnownLevel;
  /** How many further resources, all below this one, come to the same level and are not told on their own. */
  readonly below: number;
  /** The grants of the old policy that gave what is lost; empty for a gain. */
  readonly was: readonly GrantCause[];
  /** The grants of the new policy that give what is gained or left, and those that have ended. */
  readonly now: readonly GrantCause[];
}

/** Why a difference of words is no difference of access, as far as is known. */
export type SilentReason =
  /** Another grant gives as much, wherever every name fits one resource. */
  | 'other-words'
  | 'additive'
  | 'protected'
  | 'ignored'
  | 'outside-manage'
  /** Nothing in this account, today. */
  | 'without-effect'
  | 'absent';

/** From `at` on, until the next step, this level. */
export interface LevelStep {
  readonly at: Instant;
  readonly level: AccessLevel;
}

/** What the words of one resource give now, and each time when that changes. */
export interface Course {
  readonly now: AccessLevel;
  readonly steps: readonly LevelStep[];
}

/** Words that differ between the policies, and change nobody's access now. */
export interface SilentShift {
  readonly why: SilentReason;
  readonly name: PrincipalName;
  readonly resource: ComparedResource;
  /** What these words alone gave and give, now and later. */
  readonly before: Course;
  readonly after: Course;
}

/** How somebody stands in a policy. `ignored`: left alone, whatever a grant says. */
export type PolicyStatus = NameStatus | 'ignored';

/** What becomes of somebody's access as a whole when their status changes. */
export type StatusOutcome =
  /** Is made equal to the policy: what else they hold is taken. */
  | 'made-equal'
  /** Is given what the policy says; nothing is taken. */
  | 'added-to'
  /** Is left alone with all that they hold. */
  | 'keeps'
  /** Loses all that the policy may write. */
  | 'loses';

/** Somebody whom one of the policies names and the other does not, or not yet. */
export interface StatusChange {
  readonly name: PrincipalName;
  readonly before: PolicyStatus;
  readonly after: PolicyStatus;
  readonly outcome: StatusOutcome;
  /** What the old policy gave them, the most first. */
  readonly gave: readonly { readonly resource: ComparedResource; readonly level: GrantLevel }[];
}

/** A difference in what lies ahead: a grant that begins or ends at another time. */
export interface AheadShift {
  /** What it risks; null where both come to the same levels at other times. */
  readonly risk: Risk | null;
  readonly name: PrincipalName;
  readonly resource: ComparedResource;
  readonly before: Course;
  readonly after: Course;
}

/** What the new policy wants of an account that is as the old one says, and does not get, or not at once. */
export interface Obstacles {
  /** Guards that would hold all or a part of it. */
  readonly refusals: readonly Refusal[];
  readonly deferred: readonly Deferred[];
  readonly unmanageable: readonly Unmanageable[];
  readonly notices: readonly Notice[];
}

/** What changes for whom between two policies of one account, at one moment. */
export interface Comparison {
  readonly account: number;
  readonly at: Instant;
  readonly mode: { readonly before: Mode; readonly after: Mode };
  /** Whether the new policy is paused; what it wants is told all the same. */
  readonly isPaused: boolean;
  /** What it was decided by: the texts alone, or an account to which both were bound. */
  readonly basis: 'text' | 'account';
  readonly terms: readonly TermChange[];
  readonly shifts: readonly AccessShift[];
  readonly statuses: readonly StatusChange[];
  readonly ahead: readonly AheadShift[];
  readonly silent: readonly SilentShift[];
  readonly obstacles: Obstacles;
}

/** Whether there is nothing to tell: then no account and no moment from then on can show a difference. */
export function isSameEverywhere({ terms, shifts, statuses, ahead, silent, obstacles }: Comparison): boolean {
  const { refusals, deferred, unmanageable, notices } = obstacles;
  return [terms, shifts, statuses, ahead, silent, refusals, deferred, unmanageable, notices].every(
    (list) => list.length === 0,
  );
}
