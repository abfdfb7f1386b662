import type { AccountAccess } from '../../../core/domain/account/actual-state.ts';
import type { Principal } from '../../../core/domain/account/principal.ts';
import { decodeRows } from './decode-rows.ts';
import type { WireWords } from './resource-types.ts';
import { safeText } from './safe-text.ts';
import {
  at,
  booleanOf,
  decodeList,
  fieldsOf,
  inRecord,
  integerOf,
  textOf,
  type WireFields,
  WireMisfit,
  wordOf,
} from './shape.ts';

/**
 * Turns the list of account accesses (documented) into domain values. `permissions` says what the caller may do to an
 * access (recorded); without it nothing may be written there. The secret in an API token's specifier is compared with
 * `callingToken` and goes no further.
 */
export function decodeAccesses(
  body: unknown,
  callingToken: string,
  words: WireWords = new Set(),
): readonly AccountAccess[] {
  const seen = new Set<number>();
  return decodeList(body, (item) => {
    const access = decodeAccess(fieldsOf(item), callingToken, words);
    if (seen.has(access.access)) throw new WireMisfit('.id', `account access ${access.access} is listed twice`);
    seen.add(access.access);
    return access;
  });
}

function decodeAccess(fields: WireFields, callingToken: string, words: WireWords): AccountAccess {
  const access = integerOf(fields['id'], '.id');
  return inRecord(`account access ${access}`, () => {
    const kind = wordOf(fields['specifier_type'], '.specifier_type');
    return {
      access,
      principal: decodePrincipal(kind, fields),
      ...(kind === 'User' && userIdOf(at(fields, 'specifier', fieldsOf)['id'])),
      rows: at(fields, 'resources', (value) => decodeRows(value, words)),
      canUpdate: at(fields, 'permissions', (value) => booleanOf(fieldsOf(value ?? {})['can_update'], '.can_update')),
      isOwnToken: kind === 'ApiToken' && at(fields, 'specifier', fieldsOf)['token'] === callingToken,
    };
  });
}

/** Nothing that grantd writes depends on it, so it may be missing. */
function userIdOf(id: unknown): Pick<AccountAccess, 'userId'> {
  return typeof id === 'number' && Number.isSafeInteger(id) ? { userId: id } : {};
}

function decodePrincipal(kind: string, fields: WireFields): Principal {
  switch (kind) {
    case 'User':
      return at(fields, 'specifier', (value) => ({ kind: 'user', email: wordOf(fieldsOf(value)['email'], '.email') }));
    case 'Invite':
      return at(fields, 'specifier', (value) => ({
        kind: 'invite',
        email: wordOf(fieldsOf(value)['email'], '.email'),
      }));
    case 'ApiToken':
      return at(fields, 'specifier', decodeToken);
    default:
      throw new WireMisfit('.specifier_type', `expected User, Invite or ApiToken, got ${safeText(kind, [], 40)}`);
  }
}

function decodeToken(value: unknown): Principal {
  const fields = fieldsOf(value);
  return { kind: 'token', name: textOf(fields['name'], '.name'), tokenId: integerOf(fields['id'], '.id') };
}
