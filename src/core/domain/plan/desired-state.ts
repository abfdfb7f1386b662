import { type GrantLevel, givenBy, isKnownLevel, LEVEL } from '../account/access-level.ts';
import type { AccessRow, AccountAccess } from '../account/actual-state.ts';
import type { PrincipalName } from '../account/principal.ts';
import { isWritableType } from '../account/resource.ts';
import type { ResourceNode, ResourceTree } from '../account/resource-tree.ts';
import type { EntitledResource, Entitlement, GrantMember } from '../policy/entitlement.ts';
import type { Mode, NeverRule, PolicyTest } from '../policy/policy.ts';
import type { Instant, WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';
import type { Notice } from './notice.ts';

/** One row that a grant entitlements, on a resource of the account. */
export interface BoundRow {
  readonly node: ResourceNode;
  readonly level: GrantLevel;
  readonly from: EntitledResource;
}

/** A grant tied to the resources of the account; one value for all its holders. */
export interface BoundEntitlement {
  readonly entitlement: Entitlement;
  readonly rows: readonly BoundRow[];
  /** Resources that may be the ones an unresolved name of the grant means, with what lies above and below them. */
  readonly kept: ReadonlySet<ResourceNode>;
  /** The unresolved names among its resources, as written. */
  readonly unresolved: readonly string[];
  /** An unresolved name in `except`, as written: while it stands, the grant's principals are not written. */
  readonly unresolvedExcept: string | null;
}

/** A grant as it concerns one holder. */
export interface MemberEntitlement {
  readonly bound: BoundEntitlement;
  readonly holder: GrantMember;
}

/** A grant that has ended for its holder. */
export interface EndedEntitlement extends MemberEntitlement {
  readonly until: WrittenInstant;
}

/** Why no row of a subject may be written, whatever it is. */
export type SubjectExcluded =
  | 'owner'
  | 'cannot-update'
  | 'own-token'
  | 'rows-unreadable'
  | 'access-of-somebody-else'
  | 'ignored-person';

/** One account access of somebody whom the policy names, with everything the policy says of them. */
export interface Subject {
  readonly name: PrincipalName;
  readonly access: AccountAccess;
  /** Grants that have begun and not ended. */
  readonly running: readonly MemberEntitlement[];
  readonly ended: readonly EndedEntitlement[];
  /** The person's `ends`, where it has come. */
  readonly offboarded: Place | null;
  readonly isProtected: boolean;
  readonly excluded: SubjectExcluded | null;
  /** A `never` rule with an unresolved name that names this subject: no raise while it stands. */
  readonly neverUnresolved: Place | null;
  /** True for a token whose pair of ids nothing proves yet: its first write is one raise. */
  readonly unproven: boolean;
  /** For an unlisted principal whose rows the policy takes, where it says so; no grant names them. */
  readonly unlisted: Place | null;
}

/** Somebody whom the policy names and the account does not have, or who stands only in what lies ahead. */
export interface NamedElsewhere {
  readonly name: PrincipalName;
  readonly grants: readonly Place[];
  /** For who is upcoming, when the first grant begins; null where only an `ends` lies ahead. */
  readonly begins: Instant | null;
}

/** An account access that the policy does not name, nor will soon. */
export interface UnnamedAccess {
  readonly access: AccountAccess;
  /** True for whom the policy protects or ignores: left alone, and no unlisted principal. */
  readonly isExempt: boolean;
}

/** What the policy speaks about, in resources of the account. */
export interface Scope {
  readonly ignored: ReadonlySet<ResourceNode>;
  /** Null: everything is managed. */
  readonly managed: ReadonlySet<ResourceNode> | null;
  /** Resources on which nothing is written, because a name in `manage` or `ignore` is unresolved. */
  readonly frozen: ReadonlyMap<ResourceNode, Place>;
}

/** An invariant, tied to the resources it is about. */
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
  readonly absent: readonly NamedElsewhere[];
  readonly upcoming: readonly NamedElsewhere[];
  readonly others: readonly UnnamedAccess[];
  /** Where the policy says `unlisted: revoke`; null where unlisted principals are only reported. */
  readonly unlistedRevoke: Place | null;
  readonly scope: Scope;
  readonly never: readonly BoundNever[];
  readonly notices: readonly Notice[];
}

export function isManaged(scope: Scope, node: ResourceNode): boolean {
  return !scope.ignored.has(node) && (scope.managed === null || scope.managed.has(node));
}

/** Whether an access holds a row that this policy may write: who does counts for limits, or is an unlisted principal. */
export function holdsWritable(access: AccountAccess, tree: ResourceTree, scope: Scope): boolean {
  const isOwner = access.rows.some((row) => row.level === LEVEL.owner);
  if (!access.canUpdate || access.isOwnToken || isOwner) return false;
  return access.rows.some((row) => isWritable(row, tree, scope));
}

function isWritable(row: AccessRow, tree: ResourceTree, scope: Scope): boolean {
  const node = tree.find(row);
  if (!node?.shown || givenBy(row.level) === LEVEL.none || !isKnownLevel(row.level)) return false;
  return isWritableType(node.type) && node.tokenLevel >= LEVEL.admin && isManaged(scope, node);
}

/** A test of the policy, with the resources of an account that it speaks of. */
export interface BoundTest {
  readonly test: PolicyTest;
  /** For a name without `*` exactly one, or it is not decided. */
  readonly nodes: readonly ResourceNode[];
  readonly isDecided: boolean;
}

/** What a policy means in the resources of an account, whoever is in it and at whatever date. */
export interface TreeBinding {
  readonly entitlements: readonly BoundEntitlement[];
  readonly scope: Scope;
  readonly tests: readonly BoundTest[];
  /** Without the rules of which the account does not show exactly what they name. */
  readonly never: readonly BoundNever[];
}
