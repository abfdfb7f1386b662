import { type GrantLevel, LEVEL, levelName } from '../domain/account/access-level.ts';
import {
  type AccessRow,
  type AccountAccess,
  type ActualState,
  type ApiToken,
  accessesByEmail,
} from '../domain/account/actual-state.ts';
import { isEmailText, nameOf, principalText, writtenName } from '../domain/account/principal.ts';
import { resourceKey } from '../domain/account/resource.ts';
import { nodeLabel, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import type { ImportedPolicy } from '../domain/policy/imported-policy.ts';
import { compareText } from '../domain/text/text.ts';
import { type GrantableRows, grantableRows } from './grantable-rows.ts';
import type { NoteItem } from './import-notes.ts';
import { UniqueNames } from './unique-names.ts';

/** A principal that a policy can name, and the levels that its grants have to give. */
export interface FoundPrincipal {
  /** As `to` writes it. */
  readonly text: string;
  /** Parents before their children; never empty. */
  readonly levels: ReadonlyMap<ResourceNode, GrantLevel>;
}

/** Everyone in an account, split by what a policy can say of them. */
export interface FoundPrincipals {
  /** In the order of their names: people, then tokens. */
  readonly principals: readonly FoundPrincipal[];
  readonly owners: readonly string[];
  readonly tokens: ImportedPolicy['tokens'];
  readonly notes: readonly NoteItem[];
}

/** The longest address that a policy may contain. */
const EMAIL_MAX = 320;

/** Finds everyone in the account that a policy can name without a change to the account. */
export function findPrincipals(actual: ActualState): FoundPrincipals {
  const people = [...accessesByEmail(actual.accesses)].sort(([a], [b]) => compareText(a, b)).map(([, same]) => same);
  const owned = people.filter((accesses) => accesses.some(isOwner));
  const others = people
    .filter((accesses) => !accesses.some(isOwner))
    .map((accesses) => findPerson(accesses, actual.tree));
  const tokens = findTokens(actual);
  return {
    principals: [...others.flatMap(({ principal }) => principal ?? []), ...tokens.principals],
    owners: owned.map(spellingOf).filter(isAddress),
    tokens: tokens.tokens,
    notes: [
      ...owned.flatMap((accesses) => rowNotes(ownerKind(accesses), accesses, actual.tree)),
      ...others.flatMap(({ notes }) => notes),
      ...tokens.notes,
    ],
  };
}

/** Whether this access belongs to an owner of the account or of the organization (recorded). */
function isOwner({ rows }: AccountAccess): boolean {
  return rows.some((row) => row.level === LEVEL.owner);
}

/** Whether a policy can contain this address. */
export function isAddress(email: string): boolean {
  return isEmailText(email) && email.length <= EMAIL_MAX && !email.includes('\ufffd');
}

function ownerKind(accesses: readonly AccountAccess[]): NoteItem['kind'] {
  return isAddress(spellingOf(accesses)) ? 'owner' : 'no-address';
}

/** One item for each row of these accesses, or one that says that there is none. */
function rowNotes(
  kind: NoteItem['kind'],
  accesses: readonly AccountAccess[],
  tree: ResourceTree,
  whoOf = ({ principal }: AccountAccess) => principalText(principal),
): readonly NoteItem[] {
  return accesses.flatMap((access) => {
    const rows = access.rows.length === 0 ? ['nothing'] : access.rows.map((row) => rowText(row, tree));
    return rows.map((row) => ({ kind, item: `${isUnnamed(access) ? '(none)' : ''}${whoOf(access)}: ${row}` }));
  });
}

function isUnnamed({ principal }: AccountAccess): boolean {
  return principal.kind !== 'token' && principal.email === '';
}

function rowText(row: AccessRow, tree: ResourceTree): string {
  const node = tree.find(row);
  return `${levelName(row.level)} on ${node ? nodeLabel(node) : resourceKey(row)}`;
}

interface FoundPerson {
  readonly principal: FoundPrincipal | null;
  readonly notes: readonly NoteItem[];
}

/** How a policy writes the e-mail of these accesses, which are one person: as the account spells the first. */
export function spellingOf(accesses: readonly AccountAccess[]): string {
  const spellings = accesses.map(({ principal }) => writtenName(nameOf(principal)));
  return spellings.find(isAddress) ?? (spellings[0] as string);
}

/** To a policy, a user and an invite of one e-mail are one person, so their rows must need the same grants. */
function findPerson(accesses: readonly AccountAccess[], tree: ResourceTree): FoundPerson {
  const email = spellingOf(accesses);
  if (!isAddress(email)) return { principal: null, notes: rowNotes('no-address', accesses, tree) };
  const each = accesses.map((access) => grantableRows(access.rows, tree, principalText(access.principal)));
  const [{ levels }] = each as [GrantableRows];
  if (each.some((other) => !isSame(other.levels, levels))) {
    const whoOf = ({ access, principal }: AccountAccess) => `${principalText(principal)}, access ${access}`;
    return { principal: null, notes: rowNotes('twins', accesses, tree, whoOf) };
  }
  const about = accesses.flatMap((access): readonly NoteItem[] => {
    const item = principalText(access.principal);
    return [
      ...(access.rows.length === 0 ? [{ kind: 'idle', item } as const] : []),
      ...(access.principal.kind === 'invite' ? [{ kind: 'invite', item: access.principal.email } as const] : []),
      ...(access.canUpdate ? [] : [{ kind: 'read-only', item } as const]),
    ];
  });
  const found = levels.size > 0 ? { text: email, levels } : null;
  return { principal: found, notes: [...about, ...each.flatMap(({ notes }) => notes)] };
}

function isSame(a: FoundPrincipal['levels'], b: FoundPrincipal['levels']): boolean {
  return a.size === b.size && [...a].every(([node, level]) => b.get(node) === level);
}

/** How many rows the line of one token names. The others have a line each. */
const ROWS_MAX = 5;

/** A line to copy for a token that no grant names, and what it has. */
function tokenNotes(name: string, access: number | 'ID', { tokenId, rows }: ApiToken, tree: ResourceTree) {
  const texts = rows.map((row) => rowText(row, tree)).sort(compareText);
  const more = texts.length > ROWS_MAX ? ` and ${texts.length - ROWS_MAX} more` : '';
  const has = texts.length === 0 ? 'nothing' : `${texts.slice(0, ROWS_MAX).join(', ')}${more}`;
  const line: NoteItem = { kind: 'token', item: `${name}: { access: ${access}, token: ${tokenId} } # has ${has}` };
  return [line, ...texts.slice(ROWS_MAX).map((text): NoteItem => ({ kind: 'token-rows', item: `${name}: ${text}` }))];
}

/** The rows of tokens that only the list of accesses shows. */
function unlistedTokenNotes({ accesses, apiTokens, tree }: ActualState): readonly NoteItem[] {
  return accesses.flatMap((access) => {
    const { principal, isOwnToken } = access;
    if (principal.kind !== 'token') return [];
    const listed = apiTokens?.filter(({ tokenId }) => tokenId === principal.tokenId).flatMap(({ rows }) => rows) ?? [];
    const known = new Set(listed.map(resourceKey));
    const rows = access.rows.filter((row) => !known.has(resourceKey(row)));
    if (rows.length === 0) return [];
    return rowNotes(isOwnToken ? 'own-token' : 'token-unlisted', [{ ...access, rows }], tree);
  });
}

/** A policy can name a token if the list of accesses shows it, because that confirms both of its ids. */
function findTokens(actual: ActualState): Omit<FoundPrincipals, 'owners'> {
  const { accesses, apiTokens, tree } = actual;
  const principals: FoundPrincipal[] = [];
  const tokens: ImportedPolicy['tokens'][number][] = [];
  const notes: NoteItem[] = [...unlistedTokenNotes(actual)];
  if (apiTokens === null) {
    notes.push({ kind: 'tokens-unread', item: 'take a new snapshot with grantd snapshot: it includes them' });
    return { principals, tokens, notes };
  }
  const names = new UniqueNames();
  for (const token of [...apiTokens].sort((a, b) => a.tokenId - b.tokenId)) {
    if (token.isOwnToken) {
      notes.push(...token.rows.map((row) => ownTokenNote(token, row, tree)));
      continue;
    }
    const name = names.take(token.name, `token-${token.tokenId}`);
    const access = provenAccess(token, accesses);
    const rows = grantableRows(token.rows, tree, `token:${name}`);
    if (access === null || rows.levels.size === 0) {
      notes.push(...tokenNotes(name, access?.access ?? 'ID', token, tree));
      continue;
    }
    tokens.push({ name, access: access.access, tokenId: token.tokenId });
    principals.push({ text: `token:${name}`, levels: rows.levels });
    notes.push(...rows.notes);
  }
  return { principals, tokens, notes };
}

function ownTokenNote({ name }: ApiToken, row: AccessRow, tree: ResourceTree): NoteItem {
  return { kind: 'own-token', item: `token:${name}: ${rowText(row, tree)}` };
}

function provenAccess(token: ApiToken, accesses: readonly AccountAccess[]): AccountAccess | null {
  const [first, ...others] = accesses.filter(
    ({ principal }) => principal.kind === 'token' && principal.tokenId === token.tokenId,
  );
  return first && others.length === 0 && !first.isOwnToken && !isOwner(first) ? first : null;
}
