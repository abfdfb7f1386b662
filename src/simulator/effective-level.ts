import { type Access, type AccountState, OWNER_LEVEL, type Row } from './account-state.ts';
import { typedId } from './resource-type.ts';

/** The level that an access has on a resource: the highest of its row and the rows on its ancestors; 0 for nothing. */
export function levelOn(state: AccountState, access: Access, key: string): number {
  let level = accountLevel(state, access);
  for (let at: string | undefined = key; at !== undefined; at = state.resources.get(at)?.parent) {
    level = Math.max(level, access.rows.get(at)?.level ?? 0);
  }
  return level;
}

/** The level on the account as a whole, from its own row or from the organization above it; 0 for nothing. */
export function accountLevel(state: AccountState, access: Access): number {
  const own = access.rows.get(typedId('account', state.id))?.level ?? 0;
  if (state.organizationId === undefined) return own;
  return Math.max(own, access.rows.get(typedId('organization', state.organizationId))?.level ?? 0);
}

/** True if the access has an owner's row, which no one may change (documented). */
export function isOwner(access: Access): boolean {
  return [...access.rows.values()].some(isOwnerRow);
}

function isOwnerRow(row: Row): boolean {
  return row.level >= OWNER_LEVEL;
}
