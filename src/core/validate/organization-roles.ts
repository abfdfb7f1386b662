import type { AccessLevel } from '../domain/account/access-level.ts';
import type { AccessRow, ActualState } from '../domain/account/actual-state.ts';
import { organizationRole } from '../domain/account/organization-role.ts';
import { nameOf, type PrincipalName } from '../domain/account/principal.ts';
import type { DeclaredToken } from '../domain/policy/policy.ts';

/** Who has a role in the organization, by a name that a policy can use. */
export interface NamedRole {
  readonly name: PrincipalName;
  readonly level: AccessLevel;
}

/** The roles of all people, and of the tokens that the policy declares. grantd's own token is exempt from every rule. */
export function organizationRoles(
  { accesses, apiTokens }: ActualState,
  declared: readonly DeclaredToken[],
): readonly NamedRole[] {
  const people = accesses.filter(({ principal }) => principal.kind !== 'token');
  const tokens = (apiTokens ?? []).filter(({ isOwnToken }) => !isOwnToken);
  return [
    ...people.flatMap(({ principal, rows }) => namedRole(nameOf(principal), rows)),
    ...declared.flatMap(({ name, tokenId }) =>
      tokens.filter((one) => one.tokenId === tokenId).flatMap(({ rows }) => namedRole({ token: name }, rows)),
    ),
  ];
}

function namedRole(name: PrincipalName, rows: readonly AccessRow[]): readonly NamedRole[] {
  const role = organizationRole(rows);
  return role === null ? [] : [{ name, level: role.level }];
}
