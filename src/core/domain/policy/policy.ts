import type { GrantLevel } from '../account/access-level.ts';
import type { PrincipalName } from '../account/principal.ts';
import type { WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';
import type { NamePattern } from './name-pattern.ts';
import type { ResourceRef } from './resource-ref.ts';

/** How far a policy goes: `observe` writes nothing, `additive` only creates and raises, `authoritative` makes equal. */
export const MODES = ['observe', 'additive', 'authoritative'] as const;
export type Mode = (typeof MODES)[number];

/** A policy that passed the schema and every check on its text. Dates are moments, names are folded, places are kept. */
export interface Policy {
  readonly file: string;
  readonly account: number;
  readonly mode: Mode;
  readonly protected: readonly PrincipalName[];
  readonly limits: Limits;
  /** The resources that the policy speaks about, with what lies below; null means all. */
  readonly manage: readonly ResourceRef[] | null;
  readonly ignore: Ignore;
  readonly unlisted: { readonly answer: 'keep' | 'revoke'; readonly at: Place };
  readonly never: readonly NeverRule[];
  readonly groups: readonly Group[];
  readonly ends: readonly End[];
  readonly tokens: readonly DeclaredToken[];
  readonly roles: readonly Role[];
  readonly grants: readonly Grant[];
  readonly tests: readonly PolicyTest[];
  readonly approvals: readonly Approval[];
  readonly paused: boolean;
}

/** How much one run may take or give. `percent` is of those who hold a writable row, rounded down. */
export interface Limits {
  readonly revokes: { readonly principals: number; readonly percent: number };
  /** Account admins and owners, users only, that must remain. */
  readonly admins: number;
  /** How many may newly become account admin in one run. */
  readonly newAdmins: number;
  readonly at: Place;
}

/** What is never touched: people by e-mail, and resources with what lies below. */
export interface Ignore {
  readonly people: readonly { readonly pattern: NamePattern; readonly at: Place }[];
  readonly resources: readonly ResourceRef[];
}

/** Whom an invariant names: one name, or every e-mail or token that fits a pattern. */
export type NeverWho =
  | { readonly kind: 'principal'; readonly name: PrincipalName }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'emails'; readonly pattern: NamePattern }
  | { readonly kind: 'tokens'; readonly pattern: NamePattern };

/** That level or more, on that resource, must never be held by these. */
export interface NeverRule {
  readonly who: NeverWho;
  readonly whoText: string;
  readonly resource: ResourceRef;
  readonly level: GrantLevel;
  readonly at: Place;
}

/** Somebody or some group, as `to` and the members of a group name them. */
export interface MemberRef {
  readonly member: PrincipalName | { readonly group: string };
  readonly at: Place;
}

export interface Group {
  readonly name: string;
  readonly members: readonly MemberRef[];
  readonly at: Place;
}

/** An `until` on every grant of one person. */
export interface End {
  readonly email: string;
  readonly end: WrittenInstant;
  readonly at: Place;
}

/** What the operator says of an API token: no endpoint ties the two ids, so the pair is theirs to prove. */
export interface DeclaredToken {
  readonly name: string;
  /** The account access id that the bulk PUT takes. */
  readonly access: number;
  /** The id in the list of API tokens, from which its rows are read. */
  readonly tokenId: number;
  readonly at: Place;
}

/** One resource at one level, as a role or a grant resources it. */
export interface GrantedResource {
  readonly resource: ResourceRef;
  readonly level: GrantLevel;
}

export interface Role {
  readonly name: string;
  readonly resources: readonly GrantedResource[];
  readonly at: Place;
}

/** One entry of `grants`. It names either a role or its own resources. */
export interface Grant {
  readonly to: readonly MemberRef[];
  readonly gives: { readonly role: string; readonly at: Place } | { readonly resources: readonly GrantedResource[] };
  readonly except: readonly ResourceRef[];
  /** From this moment on; null: always. */
  readonly from: WrittenInstant | null;
  /** Up to but not including this moment; null: without end. */
  readonly until: WrittenInstant | null;
  readonly reason: string | null;
  readonly at: Place;
}

/** What the policy's author expects of it. `at` is the moment to judge; null: now. */
export interface PolicyTest {
  readonly who: PrincipalName;
  readonly resource: ResourceRef;
  readonly expect: GrantLevel | 'none';
  readonly moment: WrittenInstant | null;
  readonly at: Place;
}

export interface Approval {
  readonly digests: readonly string[];
  readonly until: WrittenInstant;
  readonly at: Place;
}
