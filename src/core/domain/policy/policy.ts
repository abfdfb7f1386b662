import type { GrantLevel } from '../account/access-level.ts';
import type { EmailName } from '../account/email.ts';
import type { PrincipalName } from '../account/principal.ts';
import type { WrittenInstant } from '../text/instant.ts';
import type { Place } from '../text/problem.ts';
import type { NamePattern } from './name-pattern.ts';
import type { ResourceRef } from './resource-ref.ts';
import type { Team } from './team.ts';

/** What grantd may write: `observe` nothing, `additive` only creates and raises, `authoritative` makes the account match. */
export const MODES = ['observe', 'additive', 'authoritative'] as const;
/** One of `MODES`. */
export type Mode = (typeof MODES)[number];

/**
 * A policy that passed the schema and every check of its text. Dates are moments, e-mails compare as `emailKey` says, and
 * every part keeps its place in its file. The groups, roles, grants, tests and approvals of included files stand behind those
 * of the root file, in the order of `include`; the names of a team's groups and roles are scoped (`scopedName`).
 */
export interface Policy {
  readonly file: string;
  /** The team files, in the order of `include`. */
  readonly teams: readonly Team[];
  readonly account: number;
  readonly mode: Mode;
  readonly protected: readonly ProtectedName[];
  readonly limits: Limits;
  /** The managed resources, each with everything below. Null means all. */
  readonly manage: readonly ResourceRef[] | null;
  /** Not even planned. Wins over `observe`. */
  readonly ignore: PeopleAndResources;
  /** Planned and shown, never written. Wins over `manage`. */
  readonly observe: PeopleAndResources;
  readonly unlisted: UnlistedRule;
  readonly never: readonly NeverRule[];
  readonly require: readonly Requirement[];
  readonly groups: readonly Group[];
  readonly ends: readonly End[];
  readonly tokens: readonly DeclaredToken[];
  readonly roles: readonly Role[];
  readonly grants: readonly Grant[];
  readonly tests: readonly PolicyTest[];
  readonly approvals: readonly Approval[];
  readonly paused: boolean;
}

/** One entry of `protected`: a person or a token that never loses anything. */
export type ProtectedName = PrincipalName & { readonly at: Place };

/** How much one run may change. A share is rounded down. */
export interface Limits {
  /** How many principals may lose something. `percent` is of those that have a writable row. */
  readonly revokes: { readonly principals: number; readonly percent: number };
  /** How many principals may gain something. `percent` is of those that a begun grant names; null: no share limits it. */
  readonly gains: { readonly principals: number; readonly percent: number | null };
  /** How many account admins and owners must remain. Only users count. */
  readonly admins: number;
  /** How many principals may become account admin in one run. */
  readonly newAdmins: number;
  readonly at: Place;
}

/** One e-mail pattern of a list, or one e-mail. */
export interface EmailPattern {
  readonly pattern: NamePattern;
  readonly at: Place;
}

/** Whose access grantd takes of the users and invites that no grant names: nobody's, everyone's, or theirs whose e-mail fits. */
export interface UnlistedRule {
  readonly revoke: 'nobody' | 'everyone' | readonly EmailPattern[];
  /** The value of `unlisted`, or the start of a file that need not say it. */
  readonly at: Place;
}

/** What `ignore` and `observe` list: people by e-mail, and resources with everything below them. */
export interface PeopleAndResources {
  readonly people: readonly EmailPattern[];
  readonly resources: readonly ResourceRef[];
}

/** Whom a `never` rule names: one principal, a group, or every e-mail or token that matches a pattern. */
export type NeverWho =
  | { readonly kind: 'principal'; readonly name: PrincipalName }
  | { readonly kind: 'group'; readonly group: string }
  | { readonly kind: 'emails'; readonly pattern: NamePattern }
  | { readonly kind: 'tokens'; readonly pattern: NamePattern };

/** A rule that forbids these principals to have this level or a higher one on this resource. */
export interface NeverRule {
  readonly who: NeverWho;
  readonly whoText: string;
  readonly resource: ResourceRef;
  readonly level: GrantLevel;
  readonly at: Place;
}

/** What a grant must bring with it that gives this level or more on, above or below a resource to someone whom it names. */
export interface Requirement {
  /** Null: to anybody. */
  readonly who: NeverWho | null;
  /** Null: on anything. */
  readonly resource: ResourceRef | null;
  readonly level: GrantLevel;
  /** What its `reason` must look like. A `*` is one character at least. Null: it needs none. */
  readonly reason: NamePattern | null;
  /** How long it may last, in days. Null: for ever. */
  readonly maxDays: number | null;
  /** `for` in the words of the policy, e.g. `admin on account for *@x.test`. */
  readonly text: string;
  readonly at: Place;
}

/** A principal or a group, as `to` or a group's list of members names it. */
export interface MemberRef {
  readonly member: PrincipalName | { readonly group: string };
  readonly at: Place;
}

/** One entry of `groups`. */
export interface Group {
  readonly name: string;
  readonly members: readonly MemberRef[];
  readonly at: Place;
}

/** An `until` on every grant of one person. */
export interface End extends EmailName {
  readonly end: WrittenInstant;
  readonly at: Place;
}

/** The two ids of an API token, as the operator declares them. No endpoint shows that they belong together. */
export interface DeclaredToken {
  readonly name: string;
  /** The account access id that the bulk PUT takes. */
  readonly access: number;
  /** The id in the list of API tokens, from which its rows are read. */
  readonly tokenId: number;
  readonly at: Place;
}

/** One resource and level, as a role or a grant gives it. */
export interface GrantedResource {
  readonly resource: ResourceRef;
  readonly level: GrantLevel;
}

/** One entry of `roles`. */
export interface Role {
  readonly name: string;
  readonly resources: readonly GrantedResource[];
  readonly at: Place;
}

/** One entry of `grants`. It names either a role, or resources and a level. */
export interface Grant {
  readonly to: readonly MemberRef[];
  readonly gives: { readonly role: string; readonly at: Place } | { readonly resources: readonly GrantedResource[] };
  readonly except: readonly ResourceRef[];
  /** When the grant begins. Null: it has no start. */
  readonly from: WrittenInstant | null;
  /** The first moment after the grant has ended. Null: it has no end. */
  readonly until: WrittenInstant | null;
  readonly reason: string | null;
  /** The team whose file has it. Null: the root file. */
  readonly team: Team | null;
  readonly at: Place;
}

/** One entry of `tests`: what the author expects of the policy. `moment` is the time of the test; null means now. */
export interface PolicyTest {
  readonly who: PrincipalName;
  readonly resource: ResourceRef;
  readonly expect: GrantLevel | 'none';
  readonly moment: WrittenInstant | null;
  /** The team whose file has it: it is judged on what that file gives. Null: the root file, and the whole policy. */
  readonly team: Team | null;
  readonly at: Place;
}

/** One entry of `approvals`. */
export interface Approval {
  readonly digests: readonly string[];
  readonly until: WrittenInstant;
  readonly at: Place;
}
