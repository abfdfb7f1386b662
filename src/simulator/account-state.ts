import { keptType, typedId } from './resource-type.ts';
import type { AccessSeed, AccountSeed, PagesSeed, PermissionFlags, ResourceSeed, RowSeed, TokenSeed } from './seed.ts';

// The state of one account as an immutable value. Every write makes a new one, so a stale read is simply an older value, and
// a write that is dropped halfway leaves no trace.

/** Documented: an owner. */
export const OWNER_LEVEL = 1000;
/** Documented: the level from which a token administers a resource. */
export const ADMIN_LEVEL = 100;

/** One row of an access. */
export type Row = RowSeed;

interface UserSpecifier {
  readonly kind: 'User';
  readonly id: number;
  readonly email: string;
  readonly name: string;
  readonly twoFactor: boolean;
}

interface InviteSpecifier {
  readonly kind: 'Invite';
  readonly id: number;
  readonly email: string;
}

/** The API token behind an access. */
export interface TokenSpecifier {
  readonly kind: 'ApiToken';
  /** The id in `api_tokens`; `undefined` for a caller without an entry there. */
  readonly id: number | undefined;
  readonly name: string;
  readonly authorName: string;
  readonly secret: string;
  readonly expiresAt: string | null;
  /** True if a reset made a new token of it. */
  readonly wasReset: boolean;
  readonly visibleFrom: number;
}

/** The user, invite or API token behind an access. */
export type Specifier = UserSpecifier | InviteSpecifier | TokenSpecifier;

/** One account access with its rows. */
export interface Access {
  readonly id: number;
  readonly specifier: Specifier;
  /** By `type:id`, in the order in which they were made. */
  readonly rows: ReadonlyMap<string, Row>;
  readonly listed: boolean;
  readonly flags: Partial<PermissionFlags>;
}

/** A resource of the account. */
export interface Resource {
  readonly type: string;
  readonly id: number;
  readonly name: string;
  /** The key of the parent; `undefined` directly below the account. */
  readonly parent: string | undefined;
  readonly hidden: boolean;
  /** Of a sending domain, in lower case: how the filter `domain_uuids` names it. */
  readonly uuid?: string;
}

/** How the API behaves where no document says it. */
interface Switches {
  readonly ownAccess: 'refused' | 'written';
  readonly put: 'keeps' | 'replaces';
  readonly coveredRows: 'kept' | 'pruned';
  readonly listsLagReads: number;
  readonly onlyNewWords: boolean;
  readonly pages: PagesSeed | undefined;
  readonly textRowIds: boolean;
  readonly hidesDigits: boolean;
  readonly showsInherited: boolean;
}

/** Everything in one account. */
export interface AccountState {
  readonly id: number;
  readonly name: string;
  readonly organizationId: number | undefined;
  readonly roots: 'account' | 'projects';
  readonly switches: Switches;
  /** By `type:id`, parents before children. The account itself is not among them. */
  readonly resources: ReadonlyMap<string, Resource>;
  readonly accesses: ReadonlyMap<number, Access>;
  /** Access ids by token secret: who may call. */
  readonly callers: ReadonlyMap<string, number>;
  /** The next free id. */
  readonly nextId: number;
}

/** Builds the state of a seed that has no problems (see `seedProblems`). */
export function stateFromSeed(seed: AccountSeed): AccountState {
  const resources = new Map<string, Resource>();
  addResources(resources, seed.resources ?? [], undefined);
  let nextId = highestId(seed, resources) + 1;
  const accesses = new Map<number, Access>();
  for (const access of seed.accesses ?? []) accesses.set(access.access, personAccess(seed, access));
  const callers = new Map<string, number>();
  for (const token of seed.tokens) {
    const id = token.access ?? nextId++;
    accesses.set(id, tokenAccess(id, token));
    callers.set(token.secret, id);
  }
  const { id, name } = seed.account;
  const organizationId = seed.organization?.id;
  const roots = seed.roots ?? 'account';
  return { id, name, organizationId, roots, switches: switchesOf(seed), resources, accesses, callers, nextId };
}

function switchesOf(seed: AccountSeed): Switches {
  const { ownAccess, put, coveredRows, listsLagReads, words, pages, tokenRowIds, tokenDigits, inheritedRows } = seed;
  return {
    ownAccess: ownAccess ?? 'refused',
    put: put ?? 'keeps',
    coveredRows: coveredRows ?? 'kept',
    listsLagReads: listsLagReads ?? 0,
    onlyNewWords: words === 'new',
    pages,
    textRowIds: tokenRowIds === 'string',
    hidesDigits: tokenDigits === 'hidden',
    showsInherited: inheritedRows === 'shown',
  };
}

/** The rows by key; of two rows on one resource the later wins. */
export function rowsByKey(rows: readonly RowSeed[]): ReadonlyMap<string, Row> {
  return new Map(rows.map(({ type, id, level }) => [typedId(type, id), { type: keptType(type), id, level }] as const));
}

/** A copy of the state with this access. An access with a new id is added at the end. */
export function withAccess(state: AccountState, access: Access): AccountState {
  return { ...state, accesses: new Map(state.accesses).set(access.id, access) };
}

/** A copy of the state without this access. If it is a token, its secret stops working. */
export function withoutAccess(state: AccountState, id: number): AccountState {
  const accesses = new Map(state.accesses);
  accesses.delete(id);
  const callers = new Map([...state.callers].filter(([, accessId]) => accessId !== id));
  return { ...state, accesses, callers };
}

function addResources(into: Map<string, Resource>, seeds: readonly ResourceSeed[], parent: string | undefined): void {
  for (const { type, id, name, hidden, uuid, resources } of seeds) {
    const key = typedId(type, id);
    const named = uuid === undefined ? {} : { uuid: uuid.toLowerCase() };
    into.set(key, { type: keptType(type), id, name, parent, hidden: hidden ?? false, ...named });
    addResources(into, resources ?? [], key);
  }
}

function personAccess(seed: AccountSeed, person: AccessSeed): Access {
  const { email, access } = person;
  const id = person.id ?? access;
  const specifier: Specifier =
    person.kind === 'invite'
      ? { kind: 'Invite', id, email }
      : { kind: 'User', id, email, name: person.name ?? '', twoFactor: person.twoFactor ?? false };
  const rows = rowsByKey([...(person.owner ? [ownerRow(seed)] : []), ...(person.rows ?? [])]);
  return { id: access, specifier, rows, listed: true, flags: person.permissions ?? {} };
}

/** Recorded: the owner's row is on the organization. An account without an organization has an account row instead. */
function ownerRow(seed: AccountSeed): Row {
  return seed.organization
    ? { type: 'organization', id: seed.organization.id, level: OWNER_LEVEL }
    : { type: 'account', id: seed.account.id, level: OWNER_LEVEL };
}

function tokenAccess(id: number, token: TokenSeed): Access {
  const specifier: Specifier = {
    kind: 'ApiToken',
    id: token.id,
    name: token.name,
    authorName: token.createdBy ?? '',
    secret: token.secret,
    expiresAt: token.expiresAt ?? null,
    wasReset: false,
    visibleFrom: token.visibleFrom ?? ADMIN_LEVEL,
  };
  return {
    id,
    specifier,
    rows: rowsByKey(token.rows ?? []),
    listed: token.listed ?? false,
    flags: token.permissions ?? {},
  };
}

function highestId(seed: AccountSeed, resources: ReadonlyMap<string, Resource>): number {
  let highest = Math.max(seed.account.id, seed.organization?.id ?? 0);
  for (const { id } of resources.values()) highest = Math.max(highest, id);
  for (const { id, access } of seed.accesses ?? []) highest = Math.max(highest, id ?? 0, access);
  for (const { id, access } of seed.tokens) highest = Math.max(highest, id ?? 0, access ?? 0);
  return highest;
}
