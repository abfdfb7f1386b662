import { LEVEL } from '../domain/account/access-level.ts';
import {
  type AccountAccess,
  type ActualState,
  type ApiToken,
  accessesByEmail,
} from '../domain/account/actual-state.ts';
import type { PrincipalName } from '../domain/account/principal.ts';
import type { SubjectExcluded } from '../domain/plan/desired-state.ts';
import type { DeclaredToken } from '../domain/policy/policy.ts';

/** One account access of a named principal, and why grantd may not write it, if so. */
export interface Match {
  readonly access: AccountAccess;
  readonly excluded: SubjectExcluded | null;
  readonly unproven: boolean;
  /** True for a token while no token can be recognized as grantd's own. */
  readonly mayBeOwn: boolean;
}

/** Finds the account accesses of a name. A person may have two: one as a user and one as a pending invite. */
export interface PrincipalIndex {
  /** Sorted by account access id. */
  match(name: PrincipalName): readonly Match[];
}

/** Indexes the principals of an account and the declared tokens by the names that a policy uses. */
export function indexPrincipals(actual: ActualState, declared: readonly DeclaredToken[]): PrincipalIndex {
  const byEmail = accessesByEmail(actual.accesses);
  const tokens = new Map(declared.map((token) => [token.name, token]));
  const isOwnKnown = [...actual.accesses, ...(actual.apiTokens ?? [])].some(({ isOwnToken }) => isOwnToken);

  function match(name: PrincipalName): readonly Match[] {
    if ('email' in name) {
      return (byEmail.get(name.email) ?? []).map((access) => ({
        access,
        excluded: excludedAccess(access),
        unproven: false,
        mayBeOwn: false,
      }));
    }
    const token = tokens.get(name.token);
    return token ? [{ ...matchToken(token, actual), mayBeOwn: !isOwnKnown }] : [];
  }

  return { match };
}

/** Why grantd may write no row of an access, as far as the access itself shows. An owner has a row at 1000 (recorded). */
function excludedAccess(access: AccountAccess): SubjectExcluded | null {
  if (access.isOwnToken) return 'own-token';
  if (access.rows.some((row) => row.level === LEVEL.owner)) return 'owner';
  return access.canUpdate ? null : 'cannot-update';
}

/**
 * Matches a declared token with the account. Its rows come from the list of API tokens. The operator declares the account
 * access id; the list of accesses may confirm it, or show that it belongs to someone else.
 */
function matchToken(token: DeclaredToken, actual: ActualState): Omit<Match, 'mayBeOwn'> {
  const listed = actual.accesses.find((access) => access.access === token.access);
  const elsewhere = actual.accesses.some(
    ({ access, principal }) =>
      access !== token.access && principal.kind === 'token' && principal.tokenId === token.tokenId,
  );
  const entry = actual.apiTokens?.find((candidate) => candidate.tokenId === token.tokenId);
  const isProven = listed?.principal.kind === 'token' && listed.principal.tokenId === token.tokenId;
  const access: AccountAccess = {
    access: token.access,
    principal: { kind: 'token', name: token.name, tokenId: token.tokenId },
    rows: entry?.rows ?? [],
    canUpdate: listed?.canUpdate ?? true,
    isOwnToken: (listed?.isOwnToken ?? false) || (entry?.isOwnToken ?? false),
  };
  const isTaken = elsewhere || (listed !== undefined && !isProven);
  return { access, excluded: excludedToken(access, entry, isTaken), unproven: !isProven };
}

function excludedToken(access: AccountAccess, entry: ApiToken | undefined, isTaken: boolean): SubjectExcluded | null {
  if (isTaken) return 'access-of-someone-else';
  if (!entry) return 'rows-unreadable';
  return excludedAccess(access);
}
