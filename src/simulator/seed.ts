// The seed of a simulated account. YAML files (schemas/account.v1.schema.json) and values in tests have the same shape.

/** The largest text of seeds, in bytes: some 160 000 people. */
export const SEED_BYTES_MAX: number = 32 * 1024 * 1024;

/** An explicit row. Any integer level is allowed, so that 1, 50 and 1000 can be tested. */
export interface RowSeed {
  readonly type: string;
  readonly id: number;
  readonly level: number;
}

/** A node of the resource tree. Ids are unique per type only; names need not be unique. */
export interface ResourceSeed {
  readonly type: string;
  readonly id: number;
  readonly name: string;
  /** True: rows may name it and writes reach it, but no tree shows it. Default: false. */
  readonly hidden?: boolean;
  /** Of a sending domain: how the filter `domain_uuids` names it. Without one, that filter never finds it. */
  readonly uuid?: string;
  readonly resources?: readonly ResourceSeed[];
}

/** What the caller may do with an access, by the answer. `can_update: false` and `can_destroy: false` refuse with 403. */
export interface PermissionFlags {
  readonly can_read: boolean;
  readonly can_update: boolean;
  readonly can_destroy: boolean;
  readonly can_leave: boolean;
}

/** An API token. Every token can call; its `rows` decide what it sees and may write. */
export interface TokenSeed {
  readonly name: string;
  readonly secret: string;
  /** Its id in `GET …/api_tokens`; without one it can call but that list does not show it. */
  readonly id?: number;
  /** Its account access id, the one that a bulk PUT takes. Default: a free one. */
  readonly access?: number;
  /** True: `GET …/account_accesses` lists it too, secret included, unless it is the caller. Default: false. */
  readonly listed?: boolean;
  readonly createdBy?: string;
  /** ISO 8601; `null` or absent never expires. */
  readonly expiresAt?: string | null;
  /** The lowest level at which the resource tree shows it a node. Default: 100. */
  readonly visibleFrom?: number;
  readonly rows?: readonly RowSeed[];
  readonly permissions?: Partial<PermissionFlags>;
}

/** A user or a pending invite. */
export interface AccessSeed {
  /** The account access id. */
  readonly access: number;
  readonly kind: 'user' | 'invite';
  readonly email: string;
  /** The id of the user or of the invite. Default: the access id. */
  readonly id?: number;
  readonly name?: string;
  readonly twoFactor?: boolean;
  /** Adds the owner's row: the organization at 1000, or the account at 1000 where there is no organization. */
  readonly owner?: boolean;
  readonly rows?: readonly RowSeed[];
  readonly permissions?: Partial<PermissionFlags>;
}

/** Pages of a list. `link`: each page names the next one. `total`: it only says how many entries there are. */
export interface PagesSeed {
  readonly size: number;
  readonly says?: 'link' | 'total';
}

/** One account: its id and name, its resources, the tokens that can call, and the people with access. */
export interface AccountSeed {
  readonly version?: 1;
  readonly account: { readonly id: number; readonly name: string };
  readonly organization?: { readonly id: number };
  /** `account`: the tree is one node named "Account". `projects`: the older form, without it. Default: `account`. */
  readonly roots?: 'account' | 'projects';
  /** What a bulk PUT of the calling token to its own access does. Default: `refused`, with 403. */
  readonly ownAccess?: 'refused' | 'written';
  /** What the bulk PUT does to the rows of the access that it does not name: keeps them, or removes them. Default: `keeps`. */
  readonly put?: 'keeps' | 'replaces';
  /** What a PUT that sets a row does to the rows below it that give no more: keeps them, or removes them. Default: `kept`. */
  readonly coveredRows?: 'kept' | 'pruned';
  /** How many reads of the tree or of a list go on showing the account as it was before a write. Default: 0. */
  readonly listsLagReads?: number;
  readonly resources?: readonly ResourceSeed[];
  readonly tokens: readonly TokenSeed[];
  readonly accesses?: readonly AccessSeed[];
  /** `new`: the old paths too use, and accept, only the newer words for types. Default: `documented`. */
  readonly words?: 'documented' | 'new';
  /** Lists come in pages. Default: whole. */
  readonly pages?: PagesSeed;
  /** How `GET …/api_tokens` writes the ids of rows. Default: `integer`. */
  readonly tokenRowIds?: 'integer' | 'string';
  /** `hidden`: no entry of `GET …/api_tokens` has its last four digits. Default: `shown`. */
  readonly tokenDigits?: 'shown' | 'hidden';
  /** `shown`: lists have a row for each resource below a row, at its level. Default: `hidden`. */
  readonly inheritedRows?: 'hidden' | 'shown';
}
