import type { GrantLevel } from '../account/access-level.ts';
import type { Place } from '../text/problem.ts';

/** A text of a policy, and the comment after it. */
export interface Remarked {
  readonly text: string;
  readonly remark: string | null;
}

/** One level on one or more resources, as in a grant or in an entry of a role. */
export interface ImportedResources {
  readonly resources: readonly Remarked[];
  readonly level: GrantLevel;
}

/** One entry of `grants` in an imported policy. */
export interface ImportedGrant {
  readonly to: readonly string[];
  readonly gives: { readonly role: string } | ImportedResources;
  readonly reason?: string;
  /** A date, which the grant includes. */
  readonly until?: string;
}

/** A comment at the end of the file: a sentence, and the items that it is about, one line each. */
export interface ImportNote {
  readonly says: string;
  readonly items: readonly string[];
}

/** A policy that `import` made from an account, before it becomes text. Names and ids are as a person would write them. */
export interface ImportedPolicy {
  readonly account: number;
  /** What the import found, in sentences for the head of the file. */
  readonly summary: readonly string[];
  readonly protected: readonly Remarked[];
  readonly limits: {
    readonly revokes: { readonly principals: number; readonly percent: number };
    readonly gains: { readonly principals: number };
    readonly admins: number;
    readonly newAdmins: number;
  };
  readonly groups: readonly { readonly name: string; readonly members: readonly string[] }[];
  readonly tokens: readonly { readonly name: string; readonly access: number; readonly tokenId: number }[];
  readonly roles: readonly { readonly name: string; readonly entries: readonly ImportedResources[] }[];
  readonly grants: readonly ImportedGrant[];
  /** What no grant can express, and other findings to check. */
  readonly notes: readonly ImportNote[];
}

/** One change of a policy's text that leaves every other byte unchanged. */
export type PolicyEdit =
  /** Removes one entry of a list: a member of a group or of `to`, or a resource. `grant` is the grant that contains it, or null. */
  | { readonly kind: 'drop'; readonly at: Place; readonly grant: Place | null }
  /** Deletes an entry of a list, or a key of `ends`, with its line. `grant` is the grant that contains it, or null. */
  | { readonly kind: 'cut'; readonly at: Place; readonly grant: Place | null }
  /** Writes when people end, in the root file. `until` is as a policy writes it. */
  | { readonly kind: 'set-ends'; readonly ends: readonly { readonly email: string; readonly until: string }[] }
  | { readonly kind: 'add-grants'; readonly grants: readonly ImportedGrant[]; readonly comment: string };
