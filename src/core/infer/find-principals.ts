import { type GrantLevel, LEVEL } from '../domain/account/access-level.ts';
import {
  type AccountAccess,
  type ActualState,
  type ApiToken,
  accessesByEmail,
} from '../domain/account/actual-state.ts';
import { isEmailText, nameOf, principalText, writtenName } from '../domain/account/principal.ts';
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
  const owned = people.filter((accesses) => accesses.some(isOwner)).map(spellingOf);
  const others = people
    .filter((accesses) => !accesses.some(isOwner))
    .map((accesses) => findPerson(accesses, actual.tree));
  const tokens = findTokens(actual);
  return {
    principals: [...others.flatMap(({ principal }) => principal ?? []), ...tokens.principals],
    owners: owned.filter(isAddress),
    tokens: tokens.tokens,
    notes: [
      ...owned.filter((email) => !isAddress(email)).map(noAddress),
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

function noAddress(email: string): NoteItem {
  return { kind: 'no-address', item: email === '' ? '(none)' : email };
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
  if (!isAddress(email)) return { principal: null, notes: [noAddress(email)] };
  const each = accesses.map((access) => grantableRows(access.rows, tree, principalText(access.principal)));
  const [{ levels }] = each as [GrantableRows];
  if (each.some((other) => !isSame(other.levels, levels))) {
    const items = accesses.map(
      ({ access, principal }, index) =>
        `${principalText(principal)}, access ${access}: ${rowsText((each[index] as GrantableRows).levels)}`,
    );
    return { principal: null, notes: items.map((item) => ({ kind: 'twins', item })) };
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

/** How many rows of one principal a note names. */
const ROWS_MAX = 5;

function rowsText(levels: FoundPrincipal['levels']): string {
  const rows = [...levels].map(([node, level]) => `${level} on ${nodeLabel(node)}`).sort(compareText);
  if (rows.length === 0) return 'nothing';
  return `${rows.slice(0, ROWS_MAX).join(', ')}${rows.length > ROWS_MAX ? ` and ${rows.length - ROWS_MAX} more` : ''}`;
}

/** A policy can name a token if the list of accesses shows it, because that confirms both of its ids. */
function findTokens({ accesses, apiTokens, tree }: ActualState): Omit<FoundPrincipals, 'owners'> {
  if (apiTokens === null)
    return {
      principals: [],
      tokens: [],
      notes: [{ kind: 'tokens-unread', item: 'take a new snapshot with grantd snapshot: it includes them' }],
    };
  const names = new UniqueNames();
  const principals: FoundPrincipal[] = [];
  const tokens: ImportedPolicy['tokens'][number][] = [];
  const notes: NoteItem[] = [];
  for (const token of [...apiTokens].sort((a, b) => a.tokenId - b.tokenId)) {
    if (token.isOwnToken) continue;
    const name = names.take(token.name, `token-${token.tokenId}`);
    const access = provenAccess(token, accesses);
    const rows = grantableRows(token.rows, tree, `token:${name}`);
    if (access === null || rows.levels.size === 0) {
      const id = access === null ? 'ID' : access.access;
      const item = `${name}: { access: ${id}, token: ${token.tokenId} } # has ${rowsText(rows.levels)}`;
      notes.push({ kind: 'token', item });
      continue;
    }
    tokens.push({ name, access: access.access, tokenId: token.tokenId });
    principals.push({ text: `token:${name}`, levels: rows.levels });
    notes.push(...rows.notes);
  }
  return { principals, tokens, notes };
}

function provenAccess(token: ApiToken, accesses: readonly AccountAccess[]): AccountAccess | null {
  const [first, ...others] = accesses.filter(
    ({ principal }) => principal.kind === 'token' && principal.tokenId === token.tokenId,
  );
  return first && others.length === 0 && !first.isOwnToken && !isOwner(first) ? first : null;
}
