import type { GrantLevel } from '../account/access-level.ts';
import type { Place } from '../text/problem.ts';

/** A text of a policy, and what a comment behind it says. */
export interface Remarked {
  readonly text: string;
  readonly remark: string | null;
}

/** One level on one or more resources, as a grant or an entry of a role says it. */
export interface ImportedResources {
  readonly resources: readonly Remarked[];
  readonly level: GrantLevel;
}

/** One entry of `grants`. */
export interface ImportedGrant {
  readonly to: readonly string[];
  readonly gives: { readonly role: string } | ImportedResources;
}

/** What a comment tells: a sentence, and what it is about, one line each. */
export interface ImportNote {
  readonly says: string;
  readonly items: readonly string[];
}

/** A policy that was made from an account, before it is a text: names and ids as a person would write them. */
export interface ImportedPolicy {
  readonly account: number;
  /** What was found, in sentences for the head of the file. */
  readonly summary: readonly string[];
  readonly protected: readonly Remarked[];
  readonly limits: {
    readonly principals: number;
    readonly percent: number;
    readonly admins: number;
    readonly newAdmins: number;
  };
  readonly groups: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly tokens: readonly { readonly name: string; readonly access: number; readonly tokenId: number }[];
  readonly roles: readonly { readonly name: string; readonly entries: readonly ImportedResources[] }[];
  readonly grants: readonly ImportedGrant[];
  /** What no grant could express, and what else is worth a look. */
  readonly notes: readonly ImportNote[];
}

/** One change of a policy's text that leaves every other byte as it is. */
export type PolicyEdit =
  /** Takes one entry out of a list: a member of a group or of `to`, or a resource. `grant` says of which grant, if of one. */
  | { readonly kind: 'drop'; readonly at: Place; readonly grant: Place | null }
  | { readonly kind: 'add-grants'; readonly grants: readonly ImportedGrant[]; readonly comment: string };
