import type { Access, AccountState, Row, Specifier } from './account-state.ts';
import { type Answer, answerWithJson } from './answer.ts';
import { isOwner, levelOn } from './effective-level.ts';
import { type Generation, typedId, typeInAnswer } from './resource-type.ts';
import type { PermissionFlags } from './seed.ts';

/** Documented by the vendor's clients: only accesses with a row on one of the named resources. `domain_uuids` is another one. */
const FILTERS: ReadonlyMap<string, string> = new Map([
  ['project_ids', 'project'],
  ['inbox_ids', 'inbox'],
  ['sandbox_ids', 'inbox'],
  ['domain_ids', 'sending_domain'],
]);

/** Recorded shape: `filters` is a string, unlike other fields, which are lists. */
const BAD_FILTER: Answer = answerWithJson(422, { errors: { filters: 'is invalid' } });

/**
 * The list of account accesses. It never contains the caller (recorded). A token in it has its live secret, as in the real
 * list.
 */
export function listAccesses(
  state: AccountState,
  caller: Access,
  generation: Generation,
  keys: ReadonlySet<string>,
): readonly object[] {
  return [...state.accesses.values()]
    .filter((access) => access.listed && access.id !== caller.id)
    .filter((access) => keys.size === 0 || [...access.rows.keys()].some((key) => keys.has(key)))
    .map((access) => accessWire(access, generation, state));
}

/**
 * The keys of the resources in the filters of the query, or a 422 for an invalid id. The UUID of no domain of the account is a key
 * of no resource, so that nobody has a row on it.
 */
export function filterKeys(query: URLSearchParams, state: AccountState): ReadonlySet<string> | Answer {
  const keys = new Set<string>();
  for (const [name, value] of query) {
    const filter = name.replace(/\[\]$/, '');
    const key = filter === 'domain_uuids' ? domainKey(state, value) : resourceKey(FILTERS.get(filter), value);
    if (key === 'invalid') return BAD_FILTER;
    if (key !== undefined) keys.add(key);
  }
  return keys;
}

function resourceKey(type: string | undefined, id: string): string | undefined {
  if (type === undefined) return undefined;
  return /^\d{1,15}$/.test(id) ? typedId(type, Number(id)) : 'invalid';
}

function domainKey({ resources }: AccountState, written: string): string {
  const uuid = written.toLowerCase();
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid)) return 'invalid';
  for (const [key, resource] of resources) if (resource.uuid === uuid) return key;
  return uuid;
}

/** The rows as every list shows them; ids are integers here, though a write takes them as strings. */
export function rowsWire(access: Access, generation: Generation, state: AccountState): readonly RowWire[] {
  const rows = state.switches.showsInherited ? withInherited(state, access) : [...access.rows.values()];
  return rows.map(({ type, id, level }) => ({
    resource_type: typeInAnswer(type, generation),
    resource_id: id,
    access_level: level,
  }));
}

interface RowWire {
  readonly resource_type: string;
  readonly resource_id: number;
  readonly access_level: number;
}

/** The rows, and one for each resource on which they give something. */
function withInherited(state: AccountState, access: Access): readonly Row[] {
  const inherited = Array.from(state.resources, ([key, { type, id }]) => ({
    type,
    id,
    level: levelOn(state, access, key),
  }));
  const above = [...access.rows.values()].filter(({ type, id }) => !state.resources.has(typedId(type, id)));
  return [...above, ...inherited.filter(({ level }) => level > 0)];
}

/** Recorded: an owner can be neither updated nor destroyed, and `can_read` is false everywhere. */
export function flagsOf(access: Access): PermissionFlags {
  const free = !isOwner(access);
  return { can_read: false, can_update: free, can_destroy: free, can_leave: false, ...access.flags };
}

function accessWire(access: Access, generation: Generation, state: AccountState): object {
  return {
    id: access.id,
    specifier_type: access.specifier.kind,
    specifier: specifierWire(access.specifier),
    resources: rowsWire(access, generation, state),
    permissions: flagsOf(access),
  };
}

function specifierWire(specifier: Specifier): object {
  switch (specifier.kind) {
    case 'User': {
      const { id, email, name, twoFactor } = specifier;
      return { id, email, name, two_factor_authentication_enabled: twoFactor };
    }
    case 'Invite':
      return { id: specifier.id, email: specifier.email };
    case 'ApiToken': {
      const { id, name, authorName, secret, expiresAt } = specifier;
      return { id: id ?? null, name, author_name: authorName, token: secret, expires_at: expiresAt };
    }
  }
}
