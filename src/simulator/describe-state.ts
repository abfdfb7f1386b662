import type { AccountState, Specifier } from './account-state.ts';
import { flagsOf } from './list-accesses.ts';
import type { PermissionFlags, RowSeed } from './seed.ts';
import { specifierName } from './write-account.ts';

interface DescribedAccess {
  /** The account access id. */
  readonly access: number;
  readonly kind: Specifier['kind'];
  /** The e-mail, or the name of the token. */
  readonly who: string;
  /** The id of the user, invite or `api_tokens` entry; `null` for a token without an entry. */
  readonly id: number | null;
  readonly listed: boolean;
  /** ISO 8601; of tokens only. */
  readonly expiresAt?: string | null;
  readonly rows: readonly RowSeed[];
  readonly permissions: PermissionFlags;
}

interface DescribedResource {
  readonly type: string;
  readonly id: number;
  readonly name: string;
  /** `type:id`; `null` directly below the account. */
  readonly under: string | null;
  readonly hidden: boolean;
  readonly uuid?: string;
}

/** The whole state of one account, without any secret. */
export interface DescribedAccount {
  readonly id: number;
  readonly name: string;
  readonly organization: number | null;
  readonly roots: 'account' | 'projects';
  readonly resources: readonly DescribedResource[];
  readonly accesses: readonly DescribedAccess[];
}

/** Describes an account as it is now, even during stale reads. */
export function describeState(state: AccountState): DescribedAccount {
  const { id, name, organizationId, roots, resources, accesses } = state;
  return {
    id,
    name,
    organization: organizationId ?? null,
    roots,
    resources: Array.from(resources.values(), ({ parent, ...resource }) => ({ ...resource, under: parent ?? null })),
    accesses: Array.from(accesses.values(), (access) => ({
      access: access.id,
      kind: access.specifier.kind,
      who: specifierName(access.specifier),
      id: access.specifier.id ?? null,
      listed: access.listed,
      ...(access.specifier.kind === 'ApiToken' ? { expiresAt: access.specifier.expiresAt } : {}),
      rows: [...access.rows.values()],
      permissions: flagsOf(access),
    })),
  };
}
