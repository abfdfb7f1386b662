import { type AccessLevel, givenBy, LEVEL } from './access-level.ts';
import type { AccessRow } from './actual-state.ts';

/**
 * The highest role in the organization that these rows have, or null. It gives its level on the account and everything
 * below (documented), and no document lets anybody write it. The owner of the organization has no role, but owns the account.
 */
export function organizationRole(rows: readonly AccessRow[]): AccessRow | null {
  const roles = rows.filter(({ type, level }) => type === 'organization' && givesRole(level));
  return roles.reduce<AccessRow | null>((most, role) => (most === null || role.level > most.level ? role : most), null);
}

function givesRole(level: AccessLevel): boolean {
  return givenBy(level) > LEVEL.none && level !== LEVEL.owner;
}
