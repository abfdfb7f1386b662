import type { AccessLevel } from '../../core/domain/account/access-level.ts';
import type { AccessRow, AccountAccess, ApiToken } from '../../core/domain/account/actual-state.ts';
import type { Principal } from '../../core/domain/account/principal.ts';
import type { ResourceId, ResourceType } from '../../core/domain/account/resource.ts';
import type { ResourceNode } from '../../core/domain/account/resource-tree.ts';
import { instantText } from '../../core/domain/text/instant.ts';

interface RowJson {
  readonly type: ResourceType;
  readonly id: number;
  readonly level: AccessLevel;
}

// Each function names its keys one by one, so that nothing gets into a snapshot by accident.

/** The account node as JSON; null if the tree does not show it. */
export function rootJson({ shown, name, tokenLevel }: ResourceNode): {
  readonly name: string;
  readonly tokenLevel: AccessLevel;
} | null {
  return shown ? { name, tokenLevel } : null;
}

/** A resource and its parent as JSON. Parents are listed before their children. */
export function resourceJson({ type, id, name, tokenLevel, parent }: ResourceNode): {
  readonly type: ResourceType;
  readonly id: number;
  readonly name: string;
  readonly tokenLevel: AccessLevel;
  readonly parent: ResourceId | null;
} {
  const lies = parent === null || parent.parent === null ? null : { type: parent.type, id: parent.id };
  return { type, id, name, tokenLevel, parent: lies };
}

/** An account access with its rows as JSON. */
export function accessJson({ access, principal, rows, canUpdate, isOwnToken }: AccountAccess): {
  readonly access: number;
  readonly principal: Principal;
  readonly canUpdate: boolean;
  readonly isOwnToken: boolean;
  readonly rows: readonly RowJson[];
} {
  return { access, principal: principalJson(principal), canUpdate, isOwnToken, rows: rows.map(rowJson) };
}

/** An API token with its rows as JSON, without its secret. */
export function apiTokenJson({ tokenId, name, rows, expiresAt, isOwnToken }: ApiToken): {
  readonly tokenId: number;
  readonly name: string;
  readonly expiresAt: string | null;
  readonly isOwnToken: boolean;
  readonly rows: readonly RowJson[];
} {
  const expires = expiresAt === null ? null : instantText(expiresAt);
  return { tokenId, name, expiresAt: expires, isOwnToken, rows: rows.map(rowJson) };
}

function principalJson(principal: Principal): Principal {
  return principal.kind === 'token'
    ? { kind: principal.kind, name: principal.name, tokenId: principal.tokenId }
    : { kind: principal.kind, email: principal.email };
}

function rowJson({ type, id, level }: AccessRow): RowJson {
  return { type, id, level };
}
