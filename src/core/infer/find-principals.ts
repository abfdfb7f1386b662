import { type GrantLevel, LEVEL } from '../domain/account/access-level.ts';
import { accessesByEmail } from '../domain/account/accesses-by-email.ts';
import type { AccountAccess, ActualState, ApiToken } from '../domain/account/actual-state.ts';
import { principalText } from '../domain/account/principal.ts';
import { nodeLabel, type ResourceNode, type ResourceTree } from '../domain/account/resource-tree.ts';
import { isEmailText } from '../domain/policy/email-text.ts';
import type { ImportedPolicy } from '../domain/policy/imported-policy.ts';
import { compareText } from '../domain/text/text.ts';
import type { Found } from './import-notes.ts';
import { NameBook } from './unique-names.ts';
import { type WantedRows, wantedRows } from './grantable-rows.ts';

/** Somebody whom a policy can name, and what it has to say of them. */
export interface Holder {
  /** As `to` spells it. */
  readonly text: string;
  /** Parents before their children; never empty. */
  readonly wants: ReadonlyMap<ResourceNode, GrantLevel>;
}

export interface Holders {
  /** In the order of their texts: people, then tokens. */
  readonly holders: readonly Holder[];
  readonly owners: readonly string[];
  readonly tokens: ImportedPolicy['tokens'];
  readonly found: readonly Found[];
}

/** Longest address that a policy may hold. */
const EMAIL_MAX = 320;

/** Everybody in the account, as far as a policy can name them without changing anything. */
export function findHolders(actual: ActualState): Holders {
  const people = [...accessesByEmail(actual.accesses)].sort(([a], [b]) => compareText(a, b));
  const owned = people.filter(([, accesses]) => accesses.some(isOwner)).map(([email]) => email);
  const others = people
    .filter(([, accesses]) => !accesses.some(isOwner))
    .map((person) => findPerson(person, actual.tree));
  const tokens = findTokens(actual);
  return {
    holders: [...others.flatMap(({ holder }) => holder ?? []), ...tokens.holders],
    owners: owned.filter(isAddress),
    tokens: tokens.tokens,
    found: [
      ...owned.filter((email) => !isAddress(email)).map(noAddress),
      ...others.flatMap(({ found }) => found),
      ...tokens.found,
    ],
  };
}

/** Whether the person behind an access owns the account or the organization (recorded). */
function isOwner({ rows }: AccountAccess): boolean {
  return rows.some((row) => row.level === LEVEL.owner);
}

export function isAddress(email: string): boolean {
  return isEmailText(email) && email.length <= EMAIL_MAX && !email.includes('\ufffd');
}

function noAddress(email: string): Found {
  return { kind: 'no-address', item: email === '' ? '(none)' : email };
}

interface FoundHolder {
  readonly holder: Holder | null;
  readonly found: readonly Found[];
}

/** A user and an invite of one e-mail are one person to a policy, so their rows must want the same of it. */
function findPerson([email, accesses]: readonly [string, readonly AccountAccess[]], tree: ResourceTree): FoundHolder {
  if (!isAddress(email)) return { holder: null, found: [noAddress(email)] };
  const each = accesses.map((access) => wantedRows(access.rows, tree, principalText(access.principal)));
  const [{ wants }] = each as [WantedRows];
  if (each.some((other) => !isSame(other.wants, wants))) {
    const items = accesses.map(
      ({ access, principal }, index) =>
        `${principalText(principal)}, access ${access}: ${rowsText((each[index] as WantedRows).wants)}`,
    );
    return { holder: null, found: items.map((item) => ({ kind: 'twins', item })) };
  }
  const about = accesses.flatMap((access): readonly Found[] => {
    const item = principalText(access.principal);
    return [
      ...(access.rows.length === 0 ? [{ kind: 'idle', item } as const] : []),
      ...(access.principal.kind === 'invite' ? [{ kind: 'invite', item: access.principal.email } as const] : []),
      ...(access.canUpdate ? [] : [{ kind: 'read-only', item } as const]),
    ];
  });
  const holder = wants.size > 0 ? { text: email, wants } : null;
  return { holder, found: [...about, ...each.flatMap(({ found }) => found)] };
}

function isSame(a: Holder['wants'], b: Holder['wants']): boolean {
  return a.size === b.size && [...a].every(([node, level]) => b.get(node) === level);
}

/** How many rows a note names of one holder. */
const ROWS_MAX = 5;

function rowsText(wants: Holder['wants']): string {
  const rows = [...wants].map(([node, level]) => `${level} on ${nodeLabel(node)}`).sort(compareText);
  if (rows.length === 0) return 'nothing';
  return `${rows.slice(0, ROWS_MAX).join(', ')}${rows.length > ROWS_MAX ? ` and ${rows.length - ROWS_MAX} more` : ''}`;
}

/** A token can be named where the list of accesses shows it, which ties its two ids. */
function findTokens({ accesses, apiTokens, tree }: ActualState): Omit<Holders, 'owners'> {
  if (apiTokens === null)
    return {
      holders: [],
      tokens: [],
      found: [{ kind: 'tokens-unread', item: 'grantd snapshot takes one that holds them' }],
    };
  const names = new NameBook();
  const holders: Holder[] = [];
  const tokens: ImportedPolicy['tokens'][number][] = [];
  const found: Found[] = [];
  for (const token of [...apiTokens].sort((a, b) => a.tokenId - b.tokenId)) {
    if (token.isOwnToken) continue;
    const name = names.take(token.name, `token-${token.tokenId}`);
    const access = provenAccess(token, accesses);
    const wanted = wantedRows(token.rows, tree, `token:${name}`);
    if (access === null || wanted.wants.size === 0) {
      const id = access === null ? 'ID' : access.access;
      const item = `${name}: { access: ${id}, token: ${token.tokenId} } # holds ${rowsText(wanted.wants)}`;
      found.push({ kind: 'token', item });
      continue;
    }
    tokens.push({ name, access: access.access, tokenId: token.tokenId });
    holders.push({ text: `token:${name}`, wants: wanted.wants });
    found.push(...wanted.found);
  }
  return { holders, tokens, found };
}

function provenAccess(token: ApiToken, accesses: readonly AccountAccess[]): AccountAccess | null {
  const [first, ...others] = accesses.filter(
    ({ principal }) => principal.kind === 'token' && principal.tokenId === token.tokenId,
  );
  return first && others.length === 0 && !first.isOwnToken && !isOwner(first) ? first : null;
}
