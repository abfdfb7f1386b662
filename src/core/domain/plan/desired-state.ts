import { givenBy, isKnownLevel, LEVEL } from '../account/access-level.ts';
import type { AccessRow, AccountAccess } from '../account/actual-state.ts';
import type { PrincipalName } from '../account/principal.ts';
import { isWritableType } from '../account/resource.ts';
import type { ResourceNode, ResourceTree } from '../account/resource-tree.ts';
import type { End, Mode, NeverRule, PolicyTest, UnlistedRule } from '../policy/policy.ts';
import type { Instant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';
import type { BoundEntitlement, EndedEntitlement, MemberEntitlement } from './bound-entitlement.ts';
import type { Notice } from './notice.ts';
import type { TeamAuthority } from './team-authority.ts';
import type { Unresolved } from './unresolved.ts';

/** Why grantd may write no row of a subject at all. */
export type SubjectExcluded =
  | 'owner'
  | 'cannot-update'
  | 'own-token'
  | 'rows-unreadable'
  | 'access-of-someone-else'
  | 'ignored-person';

/** One account access of a principal that the policy names, with everything that the policy says about them. */
export interface Subject {
  readonly name: PrincipalName;
  readonly access: AccountAccess;
  /** Grants that have begun and not ended. */
  readonly running: readonly MemberEntitlement[];
  readonly ended: readonly EndedEntitlement[];
  /** The place of the person's `ends`, if it has passed. */
  readonly offboarded: Place | null;
  readonly isProtected: boolean;
  /** True if `observe` lists the person: grantd plans their changes, and writes none of them. */
  readonly isObserved: boolean;
  readonly excluded: SubjectExcluded | null;
  /** A `never` rule that names this subject and has an unresolved resource. As long as there is one, grantd raises nothing. */
  readonly neverUnresolved: Place | null;
  /** True for a token whose two ids are not confirmed to belong together. Its first write is a single raise. */
  readonly unproven: boolean;
  /** True for a token while grantd recognizes none of the tokens as its own: this may be it, so grantd takes nothing from it. */
  readonly mayBeOwn: boolean;
  /** For an unlisted principal, the line of `unlisted` that takes their access. Null for a principal that a grant names. */
  readonly unlisted: Place | null;
  /** For someone whom only team files name, what these may decide. Null: the policy decides everything. */
  readonly authority: TeamAuthority | null;
  /** For an unlisted principal, the grants ahead that shield what they will give. Empty for a principal that a grant names. */
  readonly shielding: readonly MemberEntitlement[];
}

/**
 * How long before its `from` a grant shields what an unlisted principal holds already: on its resources and below, up to its
 * level. It gives nobody anything.
 */
export const SHIELDED_BEFORE_MS = 30 * 24 * 60 * 60 * 1000;

/** A name of the policy that is not in the account, or that only future grants or `ends` name. */
export interface NamedElsewhere {
  readonly name: PrincipalName;
  readonly grants: readonly Place[];
  /** When the first grant of an upcoming name begins. Null if only an `ends` lies ahead. */
  readonly begins: Instant | null;
}

/** A name that only future grants or `ends` name. */
export interface UpcomingName extends NamedElsewhere {
  /** Whether not only team files name them that may not decide everything. */
  readonly isNamedByRoot: boolean;
}

/** A name that nobody in the account has. */
export interface AbsentName extends NamedElsewhere {
  /** Grants that have begun and not ended. */
  readonly running: readonly MemberEntitlement[];
}

/** A name of the policy for which something begins or ends around now, with everything that the policy gives it at any time. */
export interface DatedName {
  readonly name: PrincipalName;
  /** Running, ended and ahead. A grant that would end before it begins is left out. Names with the same grants share one list. */
  readonly grants: readonly MemberEntitlement[];
  readonly end: End | null;
  /** `excluded`: every access of theirs is one that grantd never writes. */
  readonly presence: 'writable' | 'excluded' | 'absent';
  readonly isProtected: boolean;
}

/** An account access that no begun grant and no past `ends` names. */
export interface UnnamedAccess {
  readonly access: AccountAccess;
  /** True if the policy protects or ignores the person. They are then not unlisted, and grantd does not touch them. */
  readonly isExempt: boolean;
  /** True if `observe` lists the person: what they would lose is planned, and not written. */
  readonly isObserved: boolean;
  /** The line of `unlisted` that takes their access. Null if they keep it. */
  readonly revokedAt: Place | null;
  /** Their grants that begin within `SHIELDED_BEFORE_MS`. */
  readonly shielding: readonly MemberEntitlement[];
}

/** The unresolved name that keeps grantd from writing on a resource, and the key of the policy that contains it. */
export interface FrozenBy {
  readonly name: string;
  readonly key: string;
  readonly at: Place;
}

/** The resources of the account that the policy ignores, observes and manages. */
export interface Scope {
  readonly ignored: ReadonlySet<ResourceNode>;
  /** What `observe` lists. What is ignored too is only ignored. */
  readonly observed: ReadonlySet<ResourceNode>;
  /** Null if the policy manages everything. */
  readonly managed: ReadonlySet<ResourceNode> | null;
  /** Resources on which grantd writes nothing, because a name in `manage`, `observe` or `ignore` is unresolved. */
  readonly frozen: ReadonlyMap<ResourceNode, FrozenBy>;
}

/** A `never` rule, bound to the resources that it names. */
export interface BoundNever {
  readonly rule: NeverRule;
  readonly nodes: readonly ResourceNode[];
}

/** The policy bound to what was observed, at one moment. */
export interface DesiredState {
  readonly account: number;
  readonly mode: Mode;
  readonly now: Instant;
  readonly subjects: readonly Subject[];
  readonly absent: readonly AbsentName[];
  readonly upcoming: readonly UpcomingName[];
  /** Sorted by name. */
  readonly dated: readonly DatedName[];
  readonly others: readonly UnnamedAccess[];
  readonly unlisted: UnlistedRule;
  readonly scope: Scope;
  readonly never: readonly BoundNever[];
  /** The names that wait until they match one resource, by place. */
  readonly unresolved: readonly Unresolved[];
  readonly notices: readonly Notice[];
}

/** Whether grantd plans changes of a resource: it is in `observe` or `manage`, and not in `ignore`. */
export function isPlanned(scope: Scope, node: ResourceNode): boolean {
  if (scope.ignored.has(node)) return false;
  return scope.managed === null || scope.managed.has(node) || scope.observed.has(node);
}

/** Whether the policy manages a resource: grantd plans its changes, and writes them. It is not in `observe`. */
export function isManaged(scope: Scope, node: ResourceNode): boolean {
  return isPlanned(scope, node) && !scope.observed.has(node);
}

/** Whether an access has a row that this policy may write. Only such an access counts for limits. */
export function holdsWritable(access: AccountAccess, tree: ResourceTree, scope: Scope): boolean {
  return holdsRow(access, tree, (node) => isManaged(scope, node));
}

/** Whether an access has a row whose change this policy may plan, observed or not. Only such an access is unlisted. */
export function holdsPlanned(access: AccountAccess, tree: ResourceTree, scope: Scope): boolean {
  return holdsRow(access, tree, (node) => isPlanned(scope, node));
}

type IsMeant = (node: ResourceNode) => boolean;

function holdsRow(access: AccountAccess, tree: ResourceTree, isMeant: IsMeant): boolean {
  const isOwner = access.rows.some((row) => row.level === LEVEL.owner);
  if (!access.canUpdate || access.isOwnToken || isOwner) return false;
  return access.rows.some((row) => isExpressible(row, tree, isMeant));
}

function isExpressible(row: AccessRow, tree: ResourceTree, isMeant: IsMeant): boolean {
  const node = tree.find(row);
  if (!node?.shown || givenBy(row.level) === LEVEL.none || !isKnownLevel(row.level)) return false;
  return isWritableType(node.type) && node.tokenLevel >= LEVEL.admin && isMeant(node);
}

/** A test of the policy, bound to the resources of an account. */
export interface BoundTest {
  readonly test: PolicyTest;
  /** Exactly one for a name without `*`; otherwise the test is not decided. */
  readonly nodes: readonly ResourceNode[];
  readonly isDecided: boolean;
}

/** A policy bound to the resources of an account, regardless of its people and of any date. */
export interface TreeBinding {
  readonly entitlements: readonly BoundEntitlement[];
  readonly scope: Scope;
  readonly tests: readonly BoundTest[];
  /** Without the rules whose resource the account does not show exactly. */
  readonly never: readonly BoundNever[];
}
